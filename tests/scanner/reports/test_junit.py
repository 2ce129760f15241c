import xml.etree.ElementTree as ElementTree
from datetime import datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from modelwarden.domain.report import Coverage
from modelwarden.domain.severity import Severity
from modelwarden.reports.junit import junit
from modelwarden.reports.outcome import Outcome

if TYPE_CHECKING:
    from tests.scanner.conftest import Make
    from tests.scanner.reports.conftest import Real

# What the schemas of the Jenkins plugin (junit-10) and of Ant both allow, and what either demands.
CHILDREN = {
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase", "system-out", "system-err"],
    "properties": ["property"],
    "testcase": ["failure", "error", "skipped"],
}
ATTRIBUTES = {
    "testsuites": set[str](),
    "testsuite": set("name package id hostname time tests failures errors skipped".split()),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
}
OPTIONAL = {"testsuite": {"timestamp"}, "skipped": {"type", "message"}}
TEXTS = {"failure", "error", "skipped", "system-out", "system-err"}


def suite(outcome: Outcome, times: tuple[datetime, datetime] | None = None) -> Element:
    """The only suite, after it has passed both schemas."""
    text = junit(outcome, times)
    root = ElementTree.fromstring(text.encode("utf-8"))
    assert root.tag == "testsuites"
    for element in root.iter():
        allowed = CHILDREN.get(element.tag, [])
        order = [allowed.index(child.tag) for child in element]
        assert order == sorted(order)
        assert ATTRIBUTES.get(element.tag, set()) <= set(element.keys())
        assert set(element.keys()) <= ATTRIBUTES.get(element.tag, set()) | OPTIONAL.get(element.tag, set())
        assert element.tag in TEXTS or not (element.text or "").strip()
    (only,) = root
    cases = only.findall("testcase")
    assert all(len(case) <= 1 for case in cases), "Ant allows no more, and others read only one"
    assert only.get("tests") == str(len(cases))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert only.get(attribute) == str(len(only.findall(f"testcase/{tag}")))
    assert [child.tag for child in only if child.tag != "testcase"] == [
        "properties",
        "system-out",
        "system-err",
    ]
    return only


def cases(of: Element) -> dict[str, Element]:
    found = {(case.get("name") or "").rpartition("/")[2]: case for case in of.findall("testcase")}
    assert len(found) == len(of.findall("testcase"))
    return found


def test_every_file_is_one_test(real: "Real") -> None:
    made = cases(suite(real.outcome()))
    kinds = {name: next((child.tag for child in case), "passed") for name, case in made.items()}
    assert kinds == {
        "breaks.pkl": "failure",
        "call.pkl": "failure",
        "copy of call.pkl": "failure",
        "cut-off.pkl": "error",
        "good.pkl": "passed",
        "logging.ini": "failure",
        "named wrongly.h5": "failure",
        "nested.zip": "failure",
        "notes.txt": "skipped",
        "program.llamafile": "failure",
    }


def test_a_failure_tells_every_finding_of_its_file_and_what_was_not_read(real: "Real") -> None:
    made = cases(suite(real.outcome()))
    wrongly = made["named wrongly.h5"][0]
    assert wrongly.get("type") == "MW101 dangerous-call"
    assert (wrongly.get("message") or "").startswith("CRITICAL: Loading this file runs os.system")
    assert (wrongly.get("message") or "").endswith("(and 1 more)")
    assert "MW407 format-mismatch" in (wrongly.text or "")
    breaks = made["breaks.pkl"][0].text or ""
    assert "NOT READ  MW904 malformed" in breaks
    assert "Fix  " in breaks


def test_the_payload_stays_at_home(real: "Real") -> None:
    assert "echo" not in junit(real.outcome(), None)


def test_what_is_below_the_threshold_fails_nothing_and_is_told(real: "Real") -> None:
    strict = suite(real.outcome(Severity.CRITICAL))
    assert "MW407" not in (cases(strict)["named wrongly.h5"][0].text or "")
    assert "MW407 format-mismatch" in (strict.findtext("system-out") or "")
    lenient = suite(real.outcome(None))
    assert lenient.get("failures") == "0"
    assert "MW101 dangerous-call" in (lenient.findtext("system-out") or "")


def test_suppressed_findings_fail_nothing_and_are_counted(real: "Real") -> None:
    made = suite(real.suppressed(lambda finding: finding.path.file.endswith("nested.zip")))
    assert len(cases(made)["nested.zip"]) == 0
    assert made.find("properties/property[@name='suppressed']").get("value") == "1"  # type: ignore[union-attr]
    assert "1 known not counted." in (made.findtext("system-out") or "")


def test_clean_is_said_of_what_was_read_whole_alone(real: "Real") -> None:
    assert "Clean: nothing found." in (suite(real.clean()).findtext("system-out") or "")
    interrupted = suite(real.clean(interrupted=True))
    assert interrupted.get("errors") == "1"
    assert "lean" not in (interrupted.findtext("system-out") or "")


def test_a_place_that_is_no_file_of_the_report_is_a_test_too(make: "Make") -> None:
    made = cases(suite(make.outcome(notes=[make.note("locked")], files=[make.file("good.pkl")], exit_code=2)))
    assert made["locked"][0].get("message") == "not read: truncated at byte 812"


def test_times_are_left_out_when_none_are_given(real: "Real") -> None:
    assert suite(real.outcome()).get("timestamp") is None
    timed = suite(real.outcome(), times=real.times)
    assert (timed.get("timestamp"), timed.get("time")) == ("2026-07-01T12:00:00", "3.250")
    assert junit(real.outcome(), None) == junit(real.outcome(), None)


def test_hostile_names_are_harmless(make: "Make", hostile: str) -> None:
    finding = make.finding(file=hostile, members=(hostile,), message=hostile, subject=hostile)
    skipped = make.file(f"{hostile}.txt", Coverage.UNSUPPORTED, reason=hostile)
    made = suite(
        make.outcome([finding], [make.note("x" + hostile, (hostile,), hostile)], [skipped], exit_code=1)
    )
    for element in made.iter():
        for text in (*element.attrib.values(), *(element.text or "").split("\n")):
            assert text.isprintable()
