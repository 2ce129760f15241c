"""Marshal data in a file become one fact."""

import marshal

from modelwarden.domain.location import Span
from modelwarden.domain.value import Global
from modelwarden.parsing.marshal.decode import decode, decode_bytes
from modelwarden.source.memory import MemorySource

DATA = marshal.dumps(compile("import os\nos.system('echo')", "sample.py", "exec"))


def test_states_what_the_code_reaches_and_where_it_stands() -> None:
    fact = decode(MemorySource(b"before" + DATA + b"behind"), 6, len(DATA))
    assert (fact.name, fact.decoded, fact.span) == ("<module>", True, Span(6, len(DATA)))
    assert Global("os", "system") in fact.reaches
    assert fact.names == ()


def test_what_cannot_be_read_is_a_fact_too() -> None:
    assert not decode(MemorySource(DATA), 1, len(DATA)).decoded
    assert not decode_bytes(b"", Span(3)).decoded


def test_marshal_data_without_code_cannot_be_judged() -> None:
    assert not decode_bytes(marshal.dumps({"a": 1}), Span(0)).decoded


def test_data_of_an_absurd_length_are_not_read() -> None:
    class Endless:
        size = 1 << 40

        def read(self, offset: int, length: int) -> bytes:
            raise AssertionError("read")

    assert not decode(Endless(), 0, 1 << 30).decoded
