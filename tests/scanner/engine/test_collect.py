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
        collection.add_finding(LATER, Judgement("pkg.call", "m", argument), call(1), PATH, "pickle")
    [finding] = collection.findings
    assert (finding.argument, finding.count) == ("first", 4)
    assert finding.variants


def test_the_digest_of_arguments_does_not_depend_on_their_order_and_tells_another_one() -> None:
    def digest(*arguments: str) -> str:
        collection = Collection()
        for argument in arguments:
            collection.add_finding(LATER, Judgement("pkg.call", "m", argument), call(1), PATH, "pickle")
        [finding] = collection.findings
        return finding.variants

    assert digest("x", "x") == ""
    assert digest("x", "y") == digest("y", "x", "y")
    assert len({digest("x", "y"), digest("x", "z"), digest("x", "y", "z")}) == 3


def test_each_attack_stands_for_itself_and_what_only_informs_is_said_once_a_file() -> None:
    information = Rule(id="MW110", name="z", severity=Severity.INFO, summary="", explanation="", remedy="")
    for rule, count in ((RULE, 4), (LATER, 2), (information, 1)):
        collection = Collection()
        for member in ("a.pkl", "b.pkl"):
            for argument in ("x", "y"):
                path = ArtifactPath("m.zip", (member,))
                collection.add_finding(rule, Judgement("pkg.call", "m", argument), call(1), path, "pickle")
        assert len(collection.findings) == count
        assert sum(finding.count for finding in collection.findings) == 4


def test_one_call_with_very_many_arguments_is_not_told_better_by_more() -> None:
    collection = Collection()
    for number in range(1000):
        collection.add_finding(RULE, Judgement("os.system", "m", f"{number}"), call(number), PATH, "pickle")
    assert len(collection.findings) == 21
    assert sum(finding.count for finding in collection.findings) == 1000


def test_nothing_stands_before_the_start() -> None:
    collection = Collection()
    collection.add_finding(RULE, Judgement("os.system", "m"), call(-40), PATH, "pickle")
    assert collection.findings[0].span.offset == 0


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
