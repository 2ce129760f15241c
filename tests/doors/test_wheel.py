"""The wheel, in an environment of its own and away from the checkout."""

import json
import subprocess
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.test_every_format import ROWS


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory, repository: Path, wheel: Path) -> Path:
    """The `modelwarden` command of an environment with the locked dependencies and the wheel."""
    place = tmp_path_factory.mktemp("installed") / "environment"
    venv.create(place, with_pip=True)
    python: list[str | Path] = [place / "bin" / "python", "-I", "-m"]
    pip = [*python, "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    lock = repository / "requirements" / "action.txt"
    subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", lock], check=True)
    subprocess.run([*pip, "--no-index", wheel], check=True)
    subprocess.run([*python, "pip", "check"], check=True)
    return place / "bin" / "modelwarden"


def scan(
    command: Path, directory: Path, environment: Mapping[str, str], *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [command, *arguments], cwd=directory, env=environment, capture_output=True, text=True
    )


def test_holds_both_packages_their_type_markers_and_the_licence(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"modelwarden/py.typed", "modelwarden_sarif/py.typed", "modelwarden/cli.py"} <= names
    assert {f"modelwarden/reports/page/page.{suffix}" for suffix in ("html", "css", "js")} <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {
        "modelwarden",
        "modelwarden_sarif",
    }


def test_scans_away_from_the_checkout(
    command: Path, tmp_path: Path, clean_environment: Mapping[str, str], harmless: Path, hostile: Path
) -> None:
    (tmp_path / "good.pkl").write_bytes(harmless.read_bytes())
    (tmp_path / "bad.pkl").write_bytes(hostile.read_bytes())
    good = scan(command, tmp_path, clean_environment, "scan", "good.pkl", "-f", "json")
    bad = scan(
        command,
        tmp_path,
        clean_environment,
        "scan",
        "bad.pkl",
        "-f",
        "json",
        "-f",
        "sarif:out.sarif",
        "-f",
        "html:out.html",
    )
    assert (good.returncode, bad.returncode) == (0, 1), good.stderr + bad.stderr
    assert json.loads(good.stdout)["findings"] == []
    assert "MW101" in {finding["rule"] for finding in json.loads(bad.stdout)["findings"]}
    (run,) = json.loads((tmp_path / "out.sarif").read_text())["runs"]
    assert "MW101" in {result["ruleId"] for result in run["results"]}
    assert "<h1>Critical findings</h1>" in (tmp_path / "out.html").read_text()


def test_runs_as_a_module_and_tells_its_version(
    command: Path, tmp_path: Path, clean_environment: Mapping[str, str], wheel: Path
) -> None:
    told = scan(command, tmp_path, clean_environment, "--version")
    module = scan(
        command.with_name("python"), tmp_path, clean_environment, "-I", "-m", "modelwarden", "--version"
    )
    assert told.returncode == module.returncode == 0
    assert wheel.name.split("-")[1] in told.stdout
    assert module.stdout == told.stdout


def test_imports_come_from_the_wheel(
    command: Path, tmp_path: Path, clean_environment: Mapping[str, str]
) -> None:
    code = "import modelwarden, modelwarden_sarif; print(modelwarden.__file__); print(modelwarden_sarif.__file__)"
    told = scan(command.with_name("python"), tmp_path, clean_environment, "-c", code)
    assert told.stdout.count(str(command.parents[1])) == 2, told.stdout + told.stderr


def test_what_is_locked_reads_every_format(
    command: Path, tmp_path: Path, clean_environment: Mapping[str, str], repository: Path
) -> None:
    for name, row in ROWS.items():
        for kind in ("benign", "malicious"):
            if sample := getattr(row, kind):
                target = tmp_path / kind / name / Path(sample).name
                target.parent.mkdir(parents=True)
                target.write_bytes((repository / "tests" / "corpus" / kind / sample).read_bytes())
    good, bad = (
        scan(command, tmp_path, clean_environment, "scan", kind, "-f", "json")
        for kind in ("benign", "malicious")
    )
    assert {note["rule"] for note in json.loads(good.stdout)["notes"]} <= {"MW903"}, good.stdout
    told = json.loads(bad.stdout)
    named = {Path(one["file"]).parts[1] for one in (*told["findings"], *told["notes"])}
    assert {name for name, row in ROWS.items() if row.malicious} == named
    assert "MW905" not in bad.stdout
