import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.record import replace
from modelwarden.domain.report import Coverage, Report, ScannedFile
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.reports import sarif
from modelwarden.reports.profile import Style

VALIDATOR = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "sarif" / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
)


def rule(rule_id: str, name: str, severity: Severity, **more: Any) -> Rule:
    texts = {
        "summary": f"Summary of {name}.",
        "explanation": f"Why {name} is bad.",
        "remedy": "Do not load it.",
    }
    return Rule(id=rule_id, name=name, severity=severity, **{**texts, **more})


CALL = rule("MW101", "dangerous-call", Severity.CRITICAL, cwe=(502, 78), references=("CVE-2025-1716",))
UNKNOWN = rule("MW109", "unknown-call", Severity.WARNING, cwe=(502,))
PACKAGE = rule("MW110", "unknown-import", Severity.INFO)
URL = rule("MW307", "url-reference", Severity.DEBUG)
LIMIT = rule("MW902", "limit-reached", Severity.WARNING)
LEFT_OUT = rule("MW906", "results-capped", Severity.WARNING)
CATALOGUE = {each.id: each for each in (LEFT_OUT, LIMIT, URL, PACKAGE, UNKNOWN, CALL)}


def finding(file: str, *members: str, **changes: Any) -> Finding:
    arguments: dict[str, Any] = {
        "rule": CALL,
        "path": ArtifactPath(file, members),
        "subject": "os.system",
        "message": "Loading the file calls os.system.",
        "span": Span(42, 7),
        "format": "pickle",
        "argument": "id",
        "family": "process",
        "opcode": "REDUCE",
    }
    return Finding(**{**arguments, **changes})


def scanned(path: str, **changes: Any) -> ScannedFile:
    arguments: dict[str, Any] = {
        "path": path,
        "size": 1234,
        "coverage": Coverage.COMPLETE,
        "formats": ("pickle",),
    }
    return ScannedFile(**{**arguments, **changes})


def report(findings: Iterable[Finding] = (), root: str = "/repo", **more: Any) -> Report:
    made = tuple(findings)
    files = tuple(scanned(path) for path in dict.fromkeys(each.path.file for each in made))
    return Report(**{"findings": made, "files": files, "root": root, "version": "1.2.3", **more})


def document(of: Report, **options: Any) -> dict[str, Any]:
    """The parsed log, after it has passed the schema. Options are those of a style, or of `render`."""
    of_render: dict[str, Any] = {"exit_code": 1}
    of_render |= {name: options.pop(name) for name in ("exit_code", "started", "ended") if name in options}
    loaded: dict[str, Any] = json.loads(sarif.render(of, CATALOGUE, Style(**options), **of_render))
    VALIDATOR.validate(loaded)
    return loaded


def run(of: Report, **options: Any) -> dict[str, Any]:
    (only,) = document(of, **options)["runs"]
    assert isinstance(only, dict)
    return only


def fingerprints(of: Report) -> list[Mapping[str, str]]:
    return [each["partialFingerprints"] for each in run(of)["results"]]


def notifications(of: Report) -> list[dict[str, Any]]:
    (invocation,) = run(of)["invocations"]
    made: list[dict[str, Any]] = invocation["toolExecutionNotifications"]
    return made


# The run


def test_a_clean_scan_is_a_log_with_every_rule_and_no_results() -> None:
    clean = run(report(files=(scanned("/repo/a.pkl"),)), exit_code=0)
    assert clean["results"] == []
    assert clean["artifacts"] == []
    assert [each["id"] for each in clean["tool"]["driver"]["rules"]] == ["MW101", "MW109", "MW110"]
    assert clean["invocations"] == [
        {"executionSuccessful": True, "exitCode": 0, "toolExecutionNotifications": []}
    ]
    assert clean["properties"] == {
        "profile": "github",
        "complete": True,
        "files": {"complete": 1},
        "findings": 0,
        "findingsLeftOut": 0,
        "findingsMerged": 0,
        "findingsSuppressed": 0,
    }


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("", "modelwarden/"),
        ("nightly", "modelwarden/nightly/"),
        ("/a/b/", "modelwarden/a/b/"),
        ("x\ny", "modelwarden/x\\ny/"),
    ],
)
def test_the_category_is_part_of_the_automation_id(category: str, expected: str) -> None:
    assert run(report(), category=category)["automationDetails"] == {"id": expected}


def test_the_tool_names_itself_and_its_version() -> None:
    driver = run(report())["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["semanticVersion"]) == ("modelwarden", "1.2.3", "1.2.3")


def test_a_run_that_could_not_read_everything_still_counts_as_successful() -> None:
    failed = report(files=(scanned("/repo/a.pkl", coverage=Coverage.FAILED),))
    (invocation,) = run(failed, exit_code=2)["invocations"]
    assert invocation["executionSuccessful"] is True
    assert invocation["exitCode"] == 2


def test_times_are_written_unless_the_log_must_be_reproducible() -> None:
    times = {
        "started": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "ended": datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC),
    }
    (timed,) = run(report(), **times)["invocations"]
    assert (timed["startTimeUtc"], timed["endTimeUtc"]) == ("2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z")
    (timeless,) = run(report(), **times, deterministic=True)["invocations"]
    assert not {"startTimeUtc", "endTimeUtc"} & timeless.keys()


def test_nothing_of_the_machine_is_in_the_log(tmp_path: Path) -> None:
    found = finding(str(tmp_path / "a.pkl"))
    outside = finding("/elsewhere/secret-user/b.pkl")
    text = sarif.render(report([found, outside], root=str(tmp_path)), CATALOGUE, exit_code=1)
    assert str(tmp_path) not in text
    assert "secret-user" not in text


# Rules


def test_a_rule_carries_all_that_github_shows() -> None:
    described = run(report())["tool"]["driver"]["rules"][0]
    assert described == {
        "id": "MW101",
        "name": "DangerousCall",
        "helpUri": "https://github.com/modelwarden/modelwarden/blob/main/docs/rules.md#mw101",
        "shortDescription": {"text": "Summary of dangerous-call."},
        "fullDescription": {"text": "Why dangerous-call is bad."},
        "help": {
            "text": "Why dangerous-call is bad.\n\nWhat to do: Do not load it.\n\nReferences: CVE-2025-1716",
            "markdown": "Why dangerous-call is bad.\n\n**What to do:** Do not load it.\n\n"
            "- [CVE-2025-1716](https://nvd.nist.gov/vuln/detail/CVE-2025-1716)",
        },
        "defaultConfiguration": {"level": "error"},
        "relationships": [
            {"target": {"id": "502", "toolComponent": {"name": "CWE"}}, "kinds": ["superset"]},
            {"target": {"id": "78", "toolComponent": {"name": "CWE"}}, "kinds": ["superset"]},
        ],
        "properties": {
            "tags": ["security", "external/cwe/cwe-502", "cwe-502", "external/cwe/cwe-078", "cwe-78"],
            "precision": "very-high",
            "security-severity": "9.8",
        },
    }


def test_severities_are_levels_and_scores_on_the_rule_and_levels_on_the_result() -> None:
    findings = [finding("/repo/a.pkl", rule=each) for each in (CALL, UNKNOWN, PACKAGE)]
    made = run(report(findings))
    rules = made["tool"]["driver"]["rules"]
    assert [each["properties"]["security-severity"] for each in rules] == ["9.8", "5.5", "2.5"]
    assert [each["defaultConfiguration"]["level"] for each in rules] == ["error", "warning", "note"]
    assert [each["level"] for each in made["results"]] == ["error", "warning", "note"]


def test_coverage_rules_describe_notifications_not_results() -> None:
    driver = run(report())["tool"]["driver"]
    assert [each["id"] for each in driver["notifications"]] == ["MW902", "MW906"]
    assert not any("security-severity" in each.get("properties", {}) for each in driver["notifications"])


def test_debug_findings_and_their_rules_are_never_written() -> None:
    made = run(report([finding("/repo/a.pkl", rule=URL)]))
    assert made["results"] == []
    assert "MW307" not in json.dumps(made)


def test_links_of_references() -> None:
    linked = {
        **CATALOGUE,
        "MW101": replace(CALL, references=("GHSA-aaaa-bbbb-cccc", "https://example.org/x", "PEP 307")),
    }
    help_of = json.loads(sarif.render(report(), linked, exit_code=0))["runs"][0]["tool"]["driver"]["rules"][
        0
    ]["help"]
    assert help_of["markdown"].endswith(
        "- [GHSA-aaaa-bbbb-cccc](https://github.com/advisories/GHSA-aaaa-bbbb-cccc)\n"
        "- [https://example.org/x](https://example.org/x)\n"
        "- PEP 307"
    )


# Results


def test_a_result_says_what_and_where() -> None:
    file = scanned("/repo/models/my model.pt", formats=("pytorch",), sha256="ab" * 32)
    found = finding(file.path, "archive/data.pkl", count=3)
    made = run(report([found], files=(file,)))
    (result,) = made["results"]
    result.pop("partialFingerprints")
    assert result == {
        "ruleId": "MW101",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "Loading the file calls os.system (member archive/data.pkl, offset 42, 3 times).",
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "models/my%20model.pt",
                        "uriBaseId": "%SRCROOT%",
                        "index": 0,
                    },
                },
                "logicalLocations": [
                    {
                        "name": "data.pkl",
                        "fullyQualifiedName": "models/my model.pt!archive/data.pkl",
                        "kind": "member",
                    }
                ],
            }
        ],
        "occurrenceCount": 3,
        "properties": {
            "subject": "os.system",
            "member": "archive/data.pkl",
            "offset": 42,
            "format": "pickle",
            "opcode": "REDUCE",
            "family": "process",
            "count": 3,
        },
    }
    assert made["artifacts"] == [
        {
            "location": {"uri": "models/my%20model.pt", "uriBaseId": "%SRCROOT%"},
            "length": 1234,
            "roles": ["analysisTarget"],
            "hashes": {"sha-256": "ab" * 32},
        }
    ]


def test_a_plain_file_has_no_logical_location_and_no_hash_when_none_was_made() -> None:
    made = run(report([finding("/repo/a.pkl", opcode="", family="")]))
    (result,) = made["results"]
    assert "logicalLocations" not in result["locations"][0]
    assert result["properties"] == {"subject": "os.system", "offset": 42, "format": "pickle", "count": 1}
    assert "hashes" not in made["artifacts"][0]
    assert result["message"]["text"] == "Loading the file calls os.system (offset 42)."


def test_no_result_has_a_region_since_githubs_uploader_would_read_the_whole_model() -> None:
    assert '"region"' not in sarif.render(report([finding("/repo/a.pkl")]), CATALOGUE, exit_code=1)


def test_only_files_with_findings_are_artifacts_and_results_point_at_theirs() -> None:
    findings = [finding("/repo/b.pkl"), finding("/repo/a.pkl"), finding("/repo/b.pkl", subject="os.popen")]
    files = tuple(scanned(f"/repo/{name}.pkl") for name in "abc")
    made = run(report(findings, files=files))
    assert [each["location"]["uri"] for each in made["artifacts"]] == ["a.pkl", "b.pkl"]
    for result in made["results"]:
        location = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert made["artifacts"][location["index"]]["location"]["uri"] == location["uri"]
        assert made["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_results_are_sorted_whatever_the_order_of_the_findings() -> None:
    findings = [
        finding(f"/repo/{file}.zip", member, span=Span(offset), rule=which, argument=f"{offset}")
        for file in "ab"
        for member in ("x.pkl", "y.pkl")
        for which in (CALL, UNKNOWN)
        for offset in (1, 10)
    ]
    files = (scanned("/repo/a.zip"), scanned("/repo/b.zip"))
    forth = sarif.render(report(findings, files=files), CATALOGUE, exit_code=1)
    back = sarif.render(report(reversed(findings), files=files), CATALOGUE, exit_code=1)
    assert forth == back


# Fingerprints


def moved_checkouts(tmp_path: Path) -> list[tuple[str, str]]:
    """(root, path) pairs that all mean `models/a.pt` of the repository."""
    here, there = tmp_path / "here", tmp_path / "somewhere" / "there"
    for each in (here, there):
        (each / "models").mkdir(parents=True)
        (each / "models" / "a.pt").touch()
    return [
        (str(here), "models/a.pt"),
        (str(here), "./models/a.pt"),
        (str(here), str(here / "models" / "a.pt")),
        (str(here), "../here/models/a.pt"),
        (str(there), str(there / "models" / "a.pt")),
    ]


def test_results_do_not_change_with_the_checkout_or_the_way_the_path_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkouts = moved_checkouts(tmp_path)
    monkeypatch.chdir(tmp_path / "here")
    logs = {
        sarif.render(report([finding(path, "a/data.pkl")], root=root), CATALOGUE, exit_code=1)
        for root, path in checkouts
    }
    assert len(logs) == 1
    assert '"uri":"models/a.pt"' in logs.pop()


@pytest.mark.parametrize(
    "changes",
    [
        {"span": Span(4242)},
        {"message": "In other words."},
        {"count": 9},
        {"opcode": "OBJ"},
        {"family": "shell"},
        {"rule": replace(CALL, severity=Severity.WARNING)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_fingerprint_does_not_depend_on(changes: dict[str, Any]) -> None:
    original = finding("/repo/a.pkl")
    assert fingerprints(report([original])) == fingerprints(report([replace(original, **changes)]))


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "os.popen"},
        {"argument": "whoami"},
        {"rule": UNKNOWN},
        {"path": ArtifactPath("/repo/a.pkl", ("other",))},
        {"format": "other"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_fingerprint_depends_on(changes: dict[str, Any]) -> None:
    original = finding("/repo/a.pkl", "member")
    (one,), (other,) = fingerprints(report([original])), fingerprints(report([replace(original, **changes)]))
    assert one["primaryLocationLineHash"] != other["primaryLocationLineHash"]
    assert one["modelwarden/v1"] != other["modelwarden/v1"]


def test_the_names_and_form_of_fingerprints() -> None:
    (made,) = fingerprints(report([finding("/repo/a.pkl")]))
    assert made.keys() == {"primaryLocationLineHash", "modelwarden/v1"}
    digest, _, ordinal = made["primaryLocationLineHash"].partition(":")
    assert (len(digest), ordinal) == (16, "1")
    assert len(made["modelwarden/v1"]) == 64


def test_identical_findings_of_one_file_have_distinct_fingerprints() -> None:
    findings = [finding("/repo/a.pkl", span=Span(offset)) for offset in range(5)]
    made = fingerprints(report(findings))
    assert [each["primaryLocationLineHash"].rpartition(":")[2] for each in made] == ["1", "2", "3", "4", "5"]
    assert len({each["modelwarden/v1"] for each in made}) == 5


def test_a_pytorch_archive_keeps_its_fingerprints_when_it_is_renamed_on_saving() -> None:
    def saved_as(name: str, formats: tuple[str, ...]) -> list[Mapping[str, str]]:
        found = finding("/repo/model.pt", f"{name}/data.pkl")
        return fingerprints(report([found], files=(scanned("/repo/model.pt", formats=formats),)))

    assert saved_as("epoch-1", ("pytorch",)) == saved_as("epoch-2", ("pytorch",))
    assert saved_as("epoch-1", ("zip",)) != saved_as("epoch-2", ("zip",))


# What is left out


def test_findings_outside_the_root_are_left_out_and_said_so() -> None:
    findings = [finding("/repo/a.pkl"), finding("/other/b.pkl"), finding("/other/b.pkl", subject="os.popen")]
    outside = report(findings)
    made = run(outside)
    assert [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in made["results"]
    ] == ["a.pkl"]
    assert [each["location"]["uri"] for each in made["artifacts"]] == ["a.pkl"]
    assert made["properties"]["findings"] == 3
    assert made["properties"]["findingsLeftOut"] == 2
    (notice,) = notifications(outside)
    assert notice == {
        "level": "warning",
        "message": {
            "text": "b.pkl: 2 findings left out of this log, because the file lies outside the repository.",
        },
        "descriptor": {"id": "MW906", "index": 1},
    }


def test_the_most_severe_five_thousand_are_kept_and_the_rest_counted() -> None:
    mild = [finding("/repo/a.pkl", rule=PACKAGE, subject=f"p{number:05}") for number in range(5_001)]
    severe = [finding("/repo/z.pkl", subject="os.system"), finding("/repo/z.pkl", subject="os.popen")]
    capped = report([*mild, *severe])
    made = json.loads(sarif.render(capped, CATALOGUE, exit_code=1))["runs"][0]
    assert len(made["results"]) == 5_000
    assert {each["properties"]["subject"] for each in made["results"]} >= {"os.system", "os.popen"}
    assert made["properties"]["findingsLeftOut"] == 3
    (notice,) = made["invocations"][0]["toolExecutionNotifications"]
    assert notice["descriptor"]["id"] == "MW906"
    assert notice["message"]["text"] == (
        "Only the 5,000 most severe findings are in this log; 3 more are left out of it."
    )


# Notes


def test_notes_are_notifications_with_rule_and_place_and_never_results() -> None:
    note = Note(
        rule=LIMIT, path=ArtifactPath("/repo/a b.zip", ("x/y.pkl",)), message="More than 8 levels deep."
    )
    noted = report(notes=(note,))
    assert run(noted)["results"] == []
    assert run(noted)["properties"]["complete"] is False
    assert notifications(noted) == [
        {
            "level": "warning",
            "message": {"text": "a b.zip!x/y.pkl: More than 8 levels deep."},
            "descriptor": {"id": "MW902", "index": 0},
            "locations": [
                {
                    "physicalLocation": {"artifactLocation": {"uri": "a%20b.zip", "uriBaseId": "%SRCROOT%"}},
                    "logicalLocations": [
                        {"name": "y.pkl", "fullyQualifiedName": "a b.zip!x/y.pkl", "kind": "member"}
                    ],
                }
            ],
        }
    ]


def test_a_note_outside_the_root_has_no_location() -> None:
    noted = report(notes=(Note(rule=LIMIT, path=ArtifactPath("/other/a.pkl"), message="Too large."),))
    (notice,) = notifications(noted)
    assert "locations" not in notice
    assert notice["message"]["text"] == "a.pkl: Too large."


def test_a_flood_of_notes_is_cut_and_counted() -> None:
    notes = tuple(
        Note(rule=LIMIT, path=ArtifactPath(f"/repo/{n}"), message="Too large.") for n in range(1_500)
    )
    made = notifications(report(notes=notes))
    assert len(made) == 1_000
    assert made[-1]["message"]["text"] == "501 more notes are left out of this log."


# Hostile names


HOSTILE = "x\x1b[31m\n::error::\u202e\udcff[click](1){0}\0"


def test_hostile_names_are_shown_as_escapes_everywhere() -> None:
    hostile = finding("/repo/a.zip", HOSTILE, subject=HOSTILE, message=f"Calls {HOSTILE}.", argument=HOSTILE)
    note = Note(rule=LIMIT, path=ArtifactPath("/repo/a.zip", (HOSTILE,)), message=HOSTILE)
    text = sarif.render(report([hostile], notes=(note,)), CATALOGUE, exit_code=1)
    text.encode("utf-8")
    strings: list[str] = []
    json.loads(
        text, object_pairs_hook=lambda pairs: strings.extend(v for _, v in pairs if isinstance(v, str))
    )
    shown = [each for each in strings if "x\\x1b" in each or "x\\\\x1b" in each]
    assert len(shown) == 8
    for each in shown:
        assert not set(each) & set("\x1b\n\0\u202e\udcff")
    messages = [each for each in shown if "Calls" in each or ": x" in each]
    assert len(messages) == 2
    for each in messages:
        assert "\\[click\\](1){{0}}" in each
        assert " [click]" not in each


@given(
    st.text(st.characters(exclude_categories=()), max_size=3_000),
    st.text(st.characters(exclude_categories=())),
)
def test_any_text_gives_a_valid_log_within_the_limits(long: str, short: str) -> None:
    hostile = finding("/repo/a.zip", long, short, subject=long, message=long, argument=short)
    note = Note(rule=LIMIT, path=ArtifactPath("/repo/b.zip", (short, long)), message=long)
    made = run(report([hostile], notes=(note,)))
    (result,) = made["results"]
    (notice,) = made["invocations"][0]["toolExecutionNotifications"]
    assert len(result["message"]["text"]) <= 1_024
    assert result["message"]["text"].endswith(", offset 42).")
    assert len(notice["message"]["text"]) <= 1_024
    assert len(result["properties"]["subject"]) <= 200


def test_the_object_model_is_not_imported_before_a_log_is_asked_for() -> None:
    program = "import sys, modelwarden.cli; sys.exit('sarif_om' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
