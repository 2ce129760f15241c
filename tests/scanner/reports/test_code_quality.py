import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from modelwarden.reports.code_quality import code_quality
from modelwarden.reports.outcome import Outcome

if TYPE_CHECKING:
    from tests.scanner.conftest import Make
    from tests.scanner.reports.conftest import Real

VALIDATOR = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parent / "schema" / "code-quality.json").read_text("utf-8"))
)


def issues(outcome: Outcome) -> list[dict[str, Any]]:
    """The parsed report, after it has passed the schema."""
    text = code_quality(outcome)
    assert text.isascii()
    assert text.startswith("[")
    loaded: list[dict[str, Any]] = json.loads(text)
    VALIDATOR.validate(loaded)
    return loaded


def test_every_finding_and_every_unread_place_is_an_issue_of_its_own(real: "Real") -> None:
    outcome = real.outcome()
    made = issues(outcome)
    assert len(made) == len(outcome.findings) + len(outcome.report.notes)
    assert len({each["fingerprint"] for each in made}) == len(made), (
        "GitLab shows only the first of equal ones"
    )
    assert made[0]["severity"] == "blocker"


def test_tells_the_rule_the_file_and_the_member(real: "Real") -> None:
    (nested,) = [each for each in issues(real.outcome()) if each["location"]["path"] == "nested.zip"]
    assert nested["check_name"] == "MW101 dangerous-call"
    assert nested["description"] == (
        "Loading this file runs os.system(…), which runs a shell command. (in fold/inner.zip!a.pkl)"
    )


def test_texts_have_lines(real: "Real") -> None:
    made = issues(real.outcome())
    assert {
        each["location"]["lines"]["begin"] for each in made if each["location"]["path"] == "logging.ini"
    } == {8}


def test_what_was_not_read_is_an_issue(real: "Real") -> None:
    (cut,) = [each for each in issues(real.outcome()) if each["location"]["path"] == "cut-off.pkl"]
    assert cut["check_name"] == "MW904 malformed"
    assert cut["description"].startswith("Not read: the pickle breaks at byte 10")
    assert cut["severity"] == "major"


def test_suppressed_findings_are_left_out(real: "Real") -> None:
    made = issues(real.suppressed(lambda finding: finding.path.file.endswith("nested.zip")))
    assert "nested.zip" not in {each["location"]["path"] for each in made}


def test_a_clean_scan_is_an_empty_array_and_an_interrupted_one_is_not(real: "Real") -> None:
    assert code_quality(real.clean()) == "[]\n"
    (only,) = issues(real.clean(interrupted=True))
    assert only["description"] == "The scan was interrupted: not every file was looked at."


def test_equal_notes_are_two_issues(make: "Make") -> None:
    made = issues(make.outcome(notes=[make.note(), make.note()], exit_code=2))
    assert len({each["fingerprint"] for each in made}) == 2


def test_the_same_report_gives_the_same_bytes(real: "Real") -> None:
    assert code_quality(real.outcome()) == code_quality(real.outcome())


def test_hostile_names_are_harmless(make: "Make", hostile: str) -> None:
    finding = make.finding(file=hostile, members=(hostile,), message=hostile)
    for each in issues(make.outcome([finding], [make.note(hostile, (hostile,), hostile)], exit_code=1)):
        assert each["description"].isprintable()
        assert each["location"]["path"].isprintable()


@pytest.mark.parametrize(
    ("key", "value"), [("severity", "high"), ("fingerprint", ""), ("location", {"path": "./x"})]
)
def test_the_schema_would_notice(real: "Real", key: str, value: object) -> None:
    made = issues(real.outcome())
    made[0][key] = value
    assert not VALIDATOR.is_valid(made)
