import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from modelwarden.domain.record import replace
from modelwarden.reports import gitlab_sast as module
from modelwarden.reports.gitlab_sast import gitlab_sast
from modelwarden.reports.outcome import Outcome

if TYPE_CHECKING:
    from tests.scanner.conftest import Make
    from tests.scanner.reports.conftest import Real

VALIDATOR = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parent / "schema" / "gitlab-sast.json").read_text("utf-8"))
)


def document(outcome: Outcome, *times: Any) -> dict[str, Any]:
    """The parsed report, after it has passed the schema."""
    text = gitlab_sast(outcome, times or None)
    assert text.isascii()
    assert text.endswith("}\n")
    loaded: dict[str, Any] = json.loads(text)
    VALIDATOR.validate(loaded)
    return loaded


def test_real_findings_become_vulnerabilities_worst_first(real: "Real") -> None:
    outcome = real.outcome()
    made = document(outcome, *real.times)
    severities = [each["severity"] for each in made["vulnerabilities"]]
    assert Counter(severities) == {
        name: count
        for name, count in zip(("Critical", "Medium", "Info"), outcome.counts.values(), strict=False)
        if count
    }
    assert severities == sorted(severities, key=["Critical", "Medium", "Info"].index)
    assert made["scan"]["start_time"] == "2026-07-01T12:00:00"
    assert made["scan"]["end_time"] == "2026-07-01T12:00:03"
    assert made["scan"]["status"] == "success"


def test_a_call_inside_archives_is_told_with_its_rule_and_place(real: "Real") -> None:
    found = document(real.outcome())["vulnerabilities"]
    (nested,) = [each for each in found if each["location"]["file"] == "nested.zip"]
    assert nested["name"] == "Loading the file calls something dangerous."
    assert nested["identifiers"][0]["value"] == "MW101"
    assert {"type": "cwe", "name": "CWE-502", "value": "502"}.items() <= nested["identifiers"][1].items()
    assert nested["details"]["member"]["value"] == "fold/inner.zip!a.pkl"
    assert nested["description"].startswith("`Loading this file runs os.system(…)")
    assert "echo" not in json.dumps(nested), "the payload stays at home"


def test_texts_have_lines_and_models_the_first(real: "Real") -> None:
    found = document(real.outcome())["vulnerabilities"]
    lines = {each["location"]["file"]: each["location"]["start_line"] for each in found}
    assert lines["logging.ini"] == 8
    assert lines["call.pkl"] == lines["nested.zip"] == 1


def test_the_same_model_twice_is_two_vulnerabilities_with_stable_names(real: "Real") -> None:
    def names(outcome: Outcome) -> list[str]:
        return [each["id"] for each in document(outcome)["vulnerabilities"]]

    def signatures(outcome: Outcome) -> list[str]:
        return [
            each["tracking"]["items"][0]["signatures"][0]["value"]
            for each in document(outcome)["vulnerabilities"]
        ]

    outcome = real.outcome()
    assert len(set(names(outcome))) == len(set(signatures(outcome))) == len(outcome.findings)
    assert gitlab_sast(outcome, None) == gitlab_sast(real.outcome(), None)


def test_tells_what_was_not_read(real: "Real") -> None:
    messages = document(real.outcome())["scan"]["messages"]
    warnings = [each["value"] for each in messages if each["level"] == "warn"]
    assert any(text.startswith("MW904 malformed: cut-off.pkl: ") for text in warnings)
    assert "clean" not in json.dumps(messages).lower()


def test_suppressed_findings_are_counted_and_not_listed(real: "Real") -> None:
    made = document(real.suppressed(lambda finding: finding.path.file.endswith("nested.zip")))
    assert "nested.zip" not in {each["location"]["file"] for each in made["vulnerabilities"]}
    assert "1 known not counted." in made["scan"]["messages"][0]["value"]


def test_a_clean_scan_is_an_empty_list(real: "Real") -> None:
    made = document(real.clean())
    assert made["vulnerabilities"] == []
    assert made["scan"]["messages"][0]["value"].startswith("Clean: nothing found.")
    assert made["scan"]["start_time"] == "1970-01-01T00:00:00"


def test_an_interrupted_scan_is_a_failure_and_never_clean(real: "Real") -> None:
    made = document(real.clean(interrupted=True))
    assert made["scan"]["status"] == "failure"
    assert "Interrupted: not every file was looked at." in made["scan"]["messages"][0]["value"]
    assert "clean" not in json.dumps(made).lower()


def test_the_worst_are_kept_and_the_rest_is_counted(make: "Make", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FINDINGS", 3)
    monkeypatch.setattr(module, "MESSAGES", 2)
    findings = [replace(make.finding(offset=number), fingerprint=f"{number:064x}") for number in range(5)]
    made = document(make.outcome(findings, [make.note(f"{number}.pkl") for number in range(7)], exit_code=1))
    assert len(made["vulnerabilities"]) == 3
    told = [each["value"] for each in made["scan"]["messages"]]
    assert "Only the 3 most severe findings are in this report, 2 more are left out." in told
    assert told[-1] == "5 more places were not read."


def test_hostile_names_are_harmless(make: "Make", hostile: str) -> None:
    finding = make.finding(file=hostile, members=(hostile,), message=hostile, subject=hostile)
    made = document(make.outcome([finding], [make.note(hostile, (hostile,), hostile)], exit_code=1))
    (vulnerability,) = made["vulnerabilities"]
    span, _, rest = vulnerability["description"].partition("\n\n")
    assert span.count("`") == 2
    assert rest == "explanation of dangerous-call"
    for text in (
        span,
        vulnerability["location"]["file"],
        *(each["value"] for each in made["scan"]["messages"]),
    ):
        assert text.isprintable()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("version",), "14.0.0"),
        (("scan", "status"), "ok"),
        (("scan", "start_time"), "2026-07-01T12:00:00Z"),
        (("scan", "analyzer", "vendor", "name"), ""),
        (("vulnerabilities", 0, "severity"), "critical"),
        (("vulnerabilities", 0, "identifiers"), []),
        (("vulnerabilities", 0, "name"), "n" * 256),
        (("vulnerabilities", 0, "location", "file"), "/models/x.pkl"),
    ],
)
def test_the_schema_would_notice(real: "Real", place: tuple[str | int, ...], value: object) -> None:
    made: Any = document(real.outcome())
    at = made
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    assert not VALIDATOR.is_valid(made)
