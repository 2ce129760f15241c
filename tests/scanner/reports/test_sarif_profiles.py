"""What each reader of a log gets: lines, merged results, suppressed findings, the name of the run. On real files."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from modelwarden.domain.finding import Grounds, Suppression
from modelwarden.domain.record import replace
from modelwarden.domain.report import Report
from modelwarden.domain.settings import Settings
from modelwarden.engine.scan import scan
from modelwarden.formats import FORMATS
from modelwarden.policies import CATALOGUE
from modelwarden.reports import sarif
from modelwarden.reports.profile import Profile, Run, Style
from modelwarden.reports.sarif import regions
from modelwarden_sarif.fingerprints import PRIMARY
from modelwarden_sarif.lines import MAX_TEXT_BYTES, line_hashes

VALIDATOR = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "sarif" / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
)
CORPUS = Path(__file__).parents[2] / "corpus"
CALL = b"\x80\x04cos\nsystem\nX\x02\x00\x00\x00id\x85R."
ALL = list(Profile)

Document = dict[str, Any]


def call(function: str, argument: bytes = b"id") -> bytes:
    return f"cos\n{function}\n".encode() + b"X" + len(argument).to_bytes(4, "little") + argument + b"\x85R0"


def scanned(root: Path, **settings: Any) -> Report:
    return scan([str(root)], Settings(root=str(root), jobs=1, **settings))


def log(report: Report, profile: Profile = Profile.GITHUB, **style: Any) -> Document:
    """The only run of the log, after it has passed the schema."""
    document = json.loads(sarif.render(report, CATALOGUE, Style(profile=profile, **style), exit_code=1))
    VALIDATOR.validate(document)
    (run,) = document["runs"]
    made: Document = run
    return made


def region(result: Document) -> tuple[int, int, int, int] | None:
    found = result["locations"][0]["physicalLocation"].get("region")
    if found is None:
        return None
    return found["startLine"], found["startColumn"], found["endLine"], found["endColumn"]


def uri(result: Document) -> str:
    found: str = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return found


def one(run: Document, rule: str = "MW101") -> Document:
    (result,) = [each for each in run["results"] if each["ruleId"] == rule]
    made: Document = result
    return made


def messages(run: Document) -> list[str]:
    return [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]


# Lines of texts


TEXT = '{\n  "ä😀": 1,\n  "_target_": "os.system", "x": ["é", {"_target_": "os.popen"}]\n}\n'


@pytest.mark.parametrize("profile", [Profile.GITHUB, Profile.AZURE, Profile.GENERIC])
def test_a_finding_in_a_text_has_its_line_and_the_uploaders_name_for_it(
    profile: Profile, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text(TEXT, "utf-8")
    result = next(each for each in log(scanned(tmp_path), profile)["results"] if "system" in str(each))
    start_line, start_column, end_line, end_column = region(result) or (0, 0, 0, 0)
    assert (start_line, end_line) == (3, 3)
    line = TEXT.splitlines()[2]
    assert line[start_column - 1 : end_column - 1].strip('"') == "os.system"
    assert result["partialFingerprints"][PRIMARY] == line_hashes(TEXT.encode(), {3})[3]


def test_columns_are_code_units_and_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("x: ['😀', {_target_: os.system}]\n", "utf-8")
    run = log(scanned(tmp_path))
    assert run["columnKind"] == "utf16CodeUnits"
    assert region(one(run)) == (1, 22, 1, 31)


@pytest.fixture(scope="module")
def corpus() -> Report:
    return scanned(CORPUS)


@pytest.fixture(scope="module")
def corpus_log(corpus: Report) -> Document:
    return log(corpus)


def test_every_kind_of_text_in_the_corpus_has_lines(corpus_log: Document) -> None:
    shown: Counter[str] = Counter()
    for result in corpus_log["results"]:
        place = region(result)
        if place is None:
            continue
        data = (CORPUS / unquoted(uri(result))).read_bytes()
        assert line_hashes(data, {place[2]})
        shown[result["properties"]["format"]] += 1
    assert {"json", "yaml", "toml", "ini", "keras-config", "xml", "jinja", "tensorflow-text"} <= shown.keys()
    assert shown.keys() <= regions.TEXTS


def unquoted(text: str) -> str:
    return unquote(text, errors="surrogateescape")


def test_formats_that_are_text_are_those_whose_samples_are(corpus: Report) -> None:
    """Nearly all of them; and formats that are binary, or may hold a pickle of protocol 0, are no texts."""
    texts: Counter[str] = Counter()
    samples: Counter[str] = Counter()
    for file in corpus.files:
        data = Path(file.path).read_bytes()
        for name in file.formats:
            samples[name] += 1
            texts[name] += _is_text(data)
    mostly = {name for name, count in samples.items() if texts[name] * 2 >= count}
    pointers_and_protobuf = {"git-lfs", "onnx"}
    assert mostly - pointers_and_protobuf <= regions.TEXTS
    assert regions.TEXTS - mostly <= {"tensorflow-checkpoint"}  # the name of its list of files, which is text
    assert {form.name for form in FORMATS} >= regions.TEXTS


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("model.pkl", CALL),
        ("protocol-0.pkl", b"cos\nsystem\n(S'id'\ntR."),
        ("utf-16.json", '{"_target_": "os.system"}'.encode("utf-16")),
        ("large.json", b'{"_target_": "os.system", "x": "' + bytes([120]) * MAX_TEXT_BYTES + b'"}'),
    ],
)
@pytest.mark.parametrize("profile", [Profile.GITHUB, Profile.AZURE, Profile.GENERIC])
def test_what_is_no_small_text_has_no_line(name: str, data: bytes, profile: Profile, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    result = one(log(scanned(tmp_path), profile))
    assert region(result) is None
    assert result["partialFingerprints"][PRIMARY].endswith(":1")


def test_texts_get_lines_until_together_they_are_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        (tmp_path / f"{name}.json").write_text('{"_target_": "os.system"}', "utf-8")
    monkeypatch.setattr(regions, "MOST_TEXT", 60)
    results = log(scanned(tmp_path))["results"]
    assert [region(result) is not None for result in results] == [True, True, False]


def test_a_text_in_an_archive_has_no_line_in_what_is_committed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("config.json", TEXT)
    results = log(scanned(tmp_path))["results"]
    assert results
    assert {region(result) for result in results} == {None}
    assert {region(result) for result in log(scanned(tmp_path), Profile.GITLAB)["results"]} == {(1, 1, 1, 2)}


@pytest.mark.parametrize("change", ["gone", "longer", "directory"])
@pytest.mark.parametrize("profile", ALL)
def test_a_file_that_has_changed_since_is_no_trouble(profile: Profile, change: str, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(TEXT, "utf-8")
    report = scanned(tmp_path)
    if change == "longer":
        file.write_text(TEXT + "\n", "utf-8")
    else:
        file.unlink()
    if change == "directory":
        file.mkdir()
    places = {region(result) for result in log(report, profile)["results"]}
    if profile is not Profile.GITLAB:
        assert places == {None}
    elif change != "longer":
        assert places == {(1, 1, 1, 2)}


SAME_LINE = '{"a": {"_target_": "os.system"}, "b": {"_target_": "os.popen"}}'


def test_two_results_of_one_rule_in_one_line_are_two_alerts_and_the_uploader_warns_of_none(
    tmp_path: Path,
) -> None:
    (tmp_path / "config.json").write_text(SAME_LINE, "utf-8")
    first, second = log(scanned(tmp_path))["results"]
    assert first["ruleId"] == second["ruleId"]
    assert region(first) is not None
    assert region(second) is None
    assert first["partialFingerprints"][PRIMARY] == line_hashes(SAME_LINE.encode(), {1})[1]
    assert second["partialFingerprints"][PRIMARY] != first["partialFingerprints"][PRIMARY]
    assert all(region(each) is not None for each in log(scanned(tmp_path), Profile.GENERIC)["results"])


def test_which_of_them_keeps_the_line_does_not_depend_on_what_is_suppressed(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(SAME_LINE, "utf-8")
    report = scanned(tmp_path)
    _, second = log(report)["results"]
    (left,) = log(with_suppressed(report, "os.system"))["results"]
    assert left == second


def test_lines_for_all_when_somebody_needs_them(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(b"\x80\x04" + b"J\n\n\n\n0" + call("system") + b"N.")
    (tmp_path / "config.json").write_text(TEXT, "utf-8")
    results = log(scanned(tmp_path), region_always=True)["results"]
    places = {uri(each): region(each) for each in reversed(results)}
    assert places["a.pkl"] == (1, 1, 1, 2)
    assert (places["config.json"] or (0,))[0] == 3
    assert None not in map(region, results)


# What the uploader would do


def read_as_text(run: Document, tree: Path) -> dict[str, int]:
    """The files that GitHub's uploader reads, and how large they are: those of results whose first place has a line."""
    return {
        uri(result): (tree / unquoted(uri(result))).stat().st_size
        for result in run["results"]
        if (region(result) or (None,))[0] is not None
    }


def test_the_uploader_reads_no_model_of_the_whole_corpus(corpus_log: Document) -> None:
    read = read_as_text(corpus_log, CORPUS)
    assert read
    assert len(read) < len(corpus_log["artifacts"])
    for name, size in read.items():
        assert size <= MAX_TEXT_BYTES
        assert _is_text((CORPUS / unquoted(name)).read_bytes())
    assert sum(read.values()) <= regions.MOST_TEXT


def test_the_check_of_the_uploader_can_object() -> None:
    run = log(scanned(CORPUS / "malicious" / "dangerous-call"), region_always=True)
    read = read_as_text(run, CORPUS / "malicious" / "dangerous-call")
    assert not all(
        _is_text((CORPUS / "malicious" / "dangerous-call" / unquoted(name)).read_bytes()) for name in read
    )


# GitLab


def test_gitlab_gets_a_line_for_everything(tmp_path: Path) -> None:
    data = (
        b"\x80\x04" + b"B\x03\x00\x00\x00\n\n\n0" + call("system") + b"B\x02\x00\x00\x00\n\r0" + call("popen")
    )
    (tmp_path / "a.pkl").write_bytes(data + b"N.")
    results = log(scanned(tmp_path), Profile.GITLAB)["results"]
    assert len(results) == 2
    for result in results:
        line = 1 + data[: result["properties"]["offset"]].count(b"\n")
        assert region(result) == (line, 1, line, 2)
        assert line > 3


def test_gitlab_would_merge_what_shares_rule_and_line_so_we_do_and_say_so(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.pkl", b"\x80\x04" + call("system") * 2 + b"N.")
        archive.writestr("b.pkl", b"\x80\x04" + call("popen") + b"N.")
        archive.writestr("c.pkl", b"\x80\x04" + call("execv") * 3 + b"N.")
    run = log(scanned(tmp_path), Profile.GITLAB)
    result = one(run)
    assert result["occurrenceCount"] == 6
    assert result["properties"]["findings"] == 3
    assert result["message"]["text"].endswith(
        "2 more findings of this rule count as this one, being in the same line: os.popen, os.execv."
    )
    assert run["properties"]["findingsMerged"] == len(log(scanned(tmp_path))["results"]) - len(run["results"])
    assert run["properties"]["findingsLeftOut"] == 0


def test_nothing_shares_rule_file_and_line_in_gitlabs_log_of_the_corpus(corpus: Report) -> None:
    run = log(corpus, Profile.GITLAB)
    seen = Counter((each["ruleId"], uri(each), region(each)) for each in run["results"])
    assert max(seen.values()) == 1
    assert run["properties"]["findingsMerged"] > 0
    assert all(len(each["message"]["text"]) <= 1_000 for each in run["results"])


def test_many_merged_findings_are_told_in_few_words(tmp_path: Path) -> None:
    calls = b"".join(call_of(f"acme.module_{number}") for number in range(500))
    (tmp_path / "a.pkl").write_bytes(b"\x80\x04" + calls + b"N.")
    result = one(log(scanned(tmp_path), Profile.GITLAB), "MW109")
    assert "499 more findings of this rule count as this one" in result["message"]["text"]
    assert len(result["message"]["text"]) <= 1_000


def call_of(module: str) -> bytes:
    return b"\x8c" + bytes([len(module)]) + module.encode() + b"\x8c\x03run\x93)R0"


# Suppressed findings, and files outside


def with_suppressed(report: Report, *subjects: str) -> Report:
    suppression = Suppression(grounds=Grounds.IGNORED, justification="Looked at [it](x)\n.")
    return replace(
        report,
        findings=tuple(
            replace(finding, suppression=suppression) if finding.subject in subjects else finding
            for finding in report.findings
        ),
    )


@pytest.mark.parametrize("profile", ALL)
def test_suppressed_findings_are_counted_and_only_the_generic_log_keeps_them(
    profile: Profile, tmp_path: Path
) -> None:
    (tmp_path / "a.pkl").write_bytes(b"\x80\x04" + call("system") + call("popen") + b"N.")
    run = log(with_suppressed(scanned(tmp_path), "os.system"), profile)
    assert run["properties"]["findingsSuppressed"] == 1
    assert run["properties"]["findings"] == 1
    assert run["properties"]["findingsLeftOut"] == 0
    kept = {each["properties"]["subject"]: each.get("suppressions") for each in run["results"]}
    accepted = [{"kind": "external", "status": "accepted", "justification": "Looked at [it](x)\\n."}]
    assert kept == (
        {"os.system": accepted, "os.popen": None} if profile is Profile.GENERIC else {"os.popen": None}
    )


def test_only_the_generic_log_names_files_outside_the_repository(tmp_path: Path) -> None:
    inside, outside = tmp_path / "repository", tmp_path / "outer space"
    for place in (inside, outside):
        place.mkdir()
        (place / "a.pkl").write_bytes(CALL)
    report = scan([str(inside), str(outside)], Settings(root=str(inside), jobs=1))
    for profile in Profile:
        run = log(report, profile)
        if profile is Profile.GENERIC:
            assert sorted(map(uri, run["results"])) == ["a.pkl", (outside / "a.pkl").as_uri()]
            locations = [each["location"] for each in run["artifacts"]]
            assert {"uri": (outside / "a.pkl").as_uri()} in locations
            assert messages(run) == []
        else:
            assert list(map(uri, run["results"])) == ["a.pkl"]
            assert str(tmp_path) not in json.dumps(run)
            assert messages(run) == [
                "a.pkl: 1 finding left out of this log, because the file lies outside the repository."
            ]


# The run


RUN = Run(id="azuredevops/pipeline/build/o/p/1/2/refs/heads/main/3", properties={"a/b": "c"})


@pytest.mark.parametrize(
    ("profile", "run", "expected"),
    [
        (Profile.GITHUB, RUN, {"id": "modelwarden/nightly/"}),
        (Profile.GITLAB, None, {"id": "modelwarden/nightly/"}),
        (Profile.GENERIC, None, {"id": "modelwarden/nightly/"}),
        (Profile.AZURE, RUN, {"id": RUN.id, "properties": {"a/b": "c"}}),
        (Profile.AZURE, None, None),
    ],
)
def test_the_run_is_called_as_its_reader_wants(
    profile: Profile, run: Run | None, expected: Mapping[str, object] | None
) -> None:
    made = log(Report(root="/repo"), profile, run=run, category="nightly")
    assert made.get("automationDetails") == expected
    assert made["tool"]["driver"]["fullName"].startswith("modelwarden ")
    assert made["properties"]["profile"] == profile


@pytest.mark.parametrize("profile", ALL)
def test_an_interrupted_scan_says_so_and_closes_no_alerts(profile: Profile) -> None:
    run = log(Report(root="/repo", interrupted=True), profile)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notice,) = invocation["toolExecutionNotifications"]
    assert notice["level"] == "error"
    assert notice["descriptor"]["id"] == "MW901"
    assert notice["message"]["text"].startswith("The scan was interrupted")
    assert run["properties"]["complete"] is False
    assert log(Report(root="/repo"), profile)["invocations"][0]["executionSuccessful"] is True


# Many, and long


def flood(tree: Path, files: int, each: int) -> None:
    for file in range(files):
        calls = b"".join(call_of(f"acme_{file:02}_{number:03}") for number in range(each))
        last = call("system") if file % 10 == 9 else b""
        (tree / f"{file:03}.pkl").write_bytes(b"\x80\x04" + calls + last + b"N.")


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Report:
    tree = tmp_path_factory.mktemp("flood")
    flood(tree, 50, 500)
    return scanned(tree)


@pytest.mark.parametrize("profile", ALL)
def test_of_twenty_five_thousand_findings_the_worst_are_kept_and_the_rest_is_told(
    profile: Profile, flooded: Report
) -> None:
    told: list[str] = []
    style = Style(profile=profile)
    text = sarif.render(flooded, CATALOGUE, style, exit_code=1, tell=told.append)
    run = json.loads(text)["runs"][0]
    assert len(text.encode()) < 10_000_000
    levels = Counter(each["level"] for each in run["results"])
    assert levels["error"] == 5
    assert run["properties"]["findings"] == 25_005
    if profile is Profile.GITLAB:
        assert sum(each["properties"].get("findings", 1) for each in run["results"]) == 25_005
        assert told == []
    else:
        assert levels["warning"] == 4_995
        assert run["properties"]["findingsLeftOut"] == 20_005
        (notice,) = run["invocations"][0]["toolExecutionNotifications"]
        assert notice["descriptor"]["id"] == "MW906"
        assert notice["level"] == "warning"
        assert notice["message"]["text"] == (
            "Only the 5,000 most severe findings are in this log; 20,005 more are left out of it."
        )
        assert told == [
            "the SARIF log holds the 5,000 most severe results; 20,005 more findings are left out of it"
        ]
    assert text == sarif.render(flooded, CATALOGUE, style, exit_code=1)


def test_a_log_of_long_names_is_cut_to_what_dashboards_take(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for number in range(4_500):
            file.writestr("é😀" * 300 + f"/{number}.pkl", b"\x80\x04" + call_of(f"acme_{number}") + b"N.")
    (tmp_path / "a.zip").write_bytes(archive.getvalue())
    text = sarif.render(scanned(tmp_path), CATALOGUE, exit_code=1)
    run = json.loads(text)["runs"][0]
    assert 5_000_000 < len(text.encode()) <= 10_000_000
    kept = len(run["results"])
    assert 1_000 < kept < 4_500
    assert run["properties"]["findingsLeftOut"] == run["properties"]["findings"] - kept
    assert any(
        f"Only the {kept:,} most severe findings are in this log, as many as fit" in each
        for each in messages(run)
    )


@pytest.mark.parametrize("profile", ALL)
def test_the_same_log_every_time(profile: Profile) -> None:
    report = scanned(CORPUS / "malicious" / "dangerous-call", hashing=True)
    style = Style(profile=profile, deterministic=True)
    backwards = replace(report, findings=report.findings[::-1], files=report.files[::-1])
    assert sarif.render(report, CATALOGUE, style, exit_code=1) == sarif.render(
        backwards, CATALOGUE, style, exit_code=1
    )
