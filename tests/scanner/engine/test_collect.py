"""The same problem is kept once; everything else is kept."""

from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.observation import Call, Gap, How, Shortfall
from modelwarden.domain.policy import Judgement
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.engine.collect import Collection

RULE = Rule(id="MW101", name="x", severity=Severity.CRITICAL, summary="", explanation="", remedy="")
LATER = Rule(id="MW109", name="y", severity=Severity.WARNING, summary="", explanation="", remedy="")
PATH = ArtifactPath("m.pt", ("data.pkl",))


def call(offset: int) -> Call:
    return Call(Global("os", "system"), (), How.REDUCE, Span(offset, 1))


def test_repeats_are_counted_at_their_first_place() -> None:
    collection = Collection()
    for offset in (30, 10, 20):
        collection.add_finding(
            RULE, Judgement("os.system", "m", "arg", "process"), call(offset), PATH, "pickle"
        )
    [finding] = collection.findings
    assert (finding.count, finding.span.offset, finding.opcode, finding.family) == (
        3,
        30,
        "REDUCE",
        "process",
    )


def test_other_arguments_of_the_same_call_are_noted() -> None:
    collection = Collection()
    for argument in ("first", "first", "second", "first"):
        collection.add_finding(RULE, Judgement("os.system", "m", argument), call(1), PATH, "pickle")
    [finding] = collection.findings
    assert (finding.argument, finding.count, finding.varied) == ("first", 4, True)


def test_the_worst_comes_first() -> None:
    collection = Collection()
    collection.add_finding(LATER, Judgement("a.b", "m"), call(1), PATH, "pickle")
    collection.add_finding(RULE, Judgement("os.system", "m"), call(9), PATH, "pickle")
    assert [finding.rule.id for finding in collection.findings] == ["MW101", "MW109"]


def test_findings_beyond_the_most_are_counted_and_said() -> None:
    collection = Collection(3)
    for index in range(8):
        collection.add_finding(RULE, Judgement(f"m.f{index}", "m"), call(index), PATH, "pickle")
    collection.add_finding(RULE, Judgement("m.f0", "m"), call(9), PATH, "pickle")
    assert [finding.subject for finding in collection.findings] == ["m.f0", "m.f1", "m.f2"]
    assert collection.findings[0].count == 2
    [note] = collection.notes
    assert note.rule.id == "MW906"
    assert note.message.startswith("5 more findings")


def test_gaps_become_notes_of_their_rule_once() -> None:
    collection = Collection()
    for _ in range(2):
        collection.add_gap(Gap(Shortfall.LIMIT, "too deep"), PATH)
    [note] = collection.notes
    assert (note.rule.id, note.path, note.message) == ("MW902", PATH, "too deep")
