"""Code objects become one fact."""

from modelwarden.domain.location import Span
from modelwarden.domain.value import Global
from modelwarden.parsing.code.blob import code_blob, undecoded
from modelwarden.parsing.code.code import Code, Version

SPAN = Span(7, 3)


def code(bytecode: bytes, *versions: Version) -> Code:
    return Code(
        name="f" * 300, filename="", bytecode=bytecode, constants=("text", 1), names=("os", "system"), variables=("x",),
        cells=("c",), parameters=0, exceptions=b"", versions=versions,
    )  # fmt: skip


def test_followed_code_states_what_it_reaches_and_no_other_names() -> None:
    fact = code_blob([code(b"\x74\x00\x6a\x01\x53\x00", (3, 8))], SPAN)
    assert fact.reaches == (Global("os", "system"),)
    assert (fact.names, fact.decoded, fact.span) == ((), True, SPAN)
    assert len(fact.name) == 200


def test_code_that_cannot_be_followed_states_every_name() -> None:
    fact = code_blob([code(b"\xff\xff", (3, 8))], SPAN)
    assert set(fact.names) == {"os", "system", "x", "c", "text"}
    assert fact.decoded


def test_what_could_not_be_read_states_nothing() -> None:
    fact = undecoded(SPAN, "f")
    assert (fact.name, fact.reaches, fact.names, fact.decoded) == ("f", (), (), False)
