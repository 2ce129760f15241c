"""The HTML report in a real browser."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MARKUP = "</code></script><script>window.pwned = 3; alert(1)</script><img src=x onerror=alert(2)>"
SAMPLES = {
    "call.pkl": "malicious/dangerous-call/os-system.pkl",
    "named wrongly.h5": "malicious/dangerous-call/beginnings-and-ends/suffix.h5",
    "nested.zip": "malicious/dangerous-call/in-nested-archive.zip",
    "program.llamafile": "malicious/template-injection/llamafile/model.llamafile",
    "cut-off.pkl": "malicious/malformed/cut-off.pkl",
    "good.pkl": "benign/sklearn/logistic-regression-protocol-5.pkl",
    "<img src=x onerror=alert(3)>.pkl": "malicious/dangerous-call/os-system.pkl",
    "' onmouseover='alert(4)' \".pkl": "malicious/dangerous-call/os-system.pkl",
}


@pytest.fixture(scope="module")
def seen(
    repository: Path,
    hostile: Path,
    clean_environment: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    """What the browser saw of a report on files with findings, files that cannot be read and hostile names."""
    place = tmp_path_factory.mktemp("page")
    models = place / "models"
    models.mkdir()
    for name, sample in SAMPLES.items():
        shutil.copy(repository / "tests" / "corpus" / sample, models / name)
    with zipfile.ZipFile(models / "members.zip", "w") as archive:
        archive.writestr(f"{MARKUP}.pkl", hostile.read_bytes())
    page = place / "report.html"
    scan: list[str | Path] = [
        sys.executable,
        "-m",
        "modelwarden",
        "scan",
        "models",
        "-q",
        "-f",
        f"html:{page}",
    ]
    source = {"PYTHONPATH": f"{repository / 'scanner'}:{repository / 'sarif'}"}
    assert subprocess.run(scan, cwd=place, env={**clean_environment, **source}).returncode == 1
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert browser, "no browser: run tests/doors/prepare.sh"
    look: list[str | Path] = ["node", repository / "tests" / "doors" / "html" / "look.mjs", browser, page]
    done = subprocess.run(
        [*look, place / "screenshot.png"], env=clean_environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    facts["page"], facts["screenshot"] = page.as_uri(), place / "screenshot.png"
    return facts


def test_shows_every_finding_and_the_filter(seen: dict[str, Any]) -> None:
    assert seen["headline"] == "Critical findings"
    assert seen["filterShown"]
    assert {severity for severity, _ in seen["all"]} == {"critical", "warning", "info"}
    assert seen["screenshot"].read_bytes().startswith(b"\x89PNG")


def test_a_click_on_a_severity_leaves_the_others(seen: dict[str, Any]) -> None:
    assert seen["warningsOnly"] == [one for one in seen["all"] if one[0] == "warning"] != []
    assert seen["count"] == f"{len(seen['warningsOnly'])} of {len(seen['all'])}"


def test_text_filters_by_file_and_by_rule(seen: dict[str, Any]) -> None:
    assert {Path(file).name for _, file in seen["byFile"]} == {"nested.zip"}
    assert [(severity, Path(file).name) for severity, file in seen["byRule"]] == [
        ("warning", "named wrongly.h5")
    ]
    assert seen["byNothing"] == []
    assert seen["nothingTold"]
    assert seen["allAgain"] == seen["all"]


def test_details_open(seen: dict[str, Any]) -> None:
    assert (seen["closed"], seen["opened"], seen["unfolded"]) == (False, True, True)
    assert "What to do" in seen["details"]
    assert "os.system" in seen["details"]


def test_nothing_is_fetched_and_nothing_of_a_model_runs(seen: dict[str, Any]) -> None:
    assert set(seen["requests"]) - {"https://evil.example/x"} == {seen["page"]}
    assert seen["dialogs"] == []
    assert seen["console"][: seen["beforeInjection"]] == []


def test_what_escaping_might_miss_the_policy_stops(seen: dict[str, Any]) -> None:
    assert seen["injected"] is None
    told = " ".join(seen["console"][seen["beforeInjection"] :])
    assert told.count("Content Security Policy") >= 2


def test_without_scripts_it_is_a_plain_list(seen: dict[str, Any]) -> None:
    assert seen["withoutScripts"] == seen["all"]
    assert not seen["filterWithoutScripts"]


def test_is_light_or_dark_as_the_reader_likes_and_fits_a_phone(seen: dict[str, Any]) -> None:
    assert seen["grounds"]["light"] != seen["grounds"]["dark"]
    assert seen["phoneOverflow"] <= 0
