"""Without a stack, what is named beside its opcode is still told."""

import pytest

from modelwarden.domain.budget import Budget, Limits
from modelwarden.domain.format import Scope
from modelwarden.domain.observation import Gap, Import, Shortfall
from modelwarden.domain.value import Global
from modelwarden.parsing.pickle.linear import imports
from modelwarden.parsing.pickle.streams import streams
from modelwarden.source.memory import MemorySource

LONG = b"N0" * 1000


@pytest.mark.parametrize(
    "named",
    [
        b"cos\nsystem\n",
        b"(ios\nsystem\n",
        b"\x8c\x02os\x94\x8c\x06system\x94\x93",
        b"\x8c\x02os\x8c\x06system\x93",
    ],
)
def test_names_beside_their_opcode_are_told_once(named: bytes) -> None:
    found = list(imports(MemorySource(LONG + named + LONG + named + b"."), 0))
    assert [fact.target for fact in found] == [Global("os", "system")]
    assert found[0].span.offset >= len(LONG)


def test_it_ends_where_the_tokens_end() -> None:
    assert list(imports(MemorySource(LONG + b"." + b"cos\nsystem\n"), 0)) == []
    assert list(imports(MemorySource(b"\xffcos\nsystem\n"), 0)) == []
    assert list(imports(MemorySource(b"cos\nsys"), 0)) == []


def test_where_memory_ends_the_rest_is_read_so() -> None:
    scope = Scope(Budget(Limits(pickle_memory=1 << 16)))
    data = b"\x80\x04cm\nf\nN" + b"\x85" * 200_000 + b"0cos\nsystem\n(S'id'\ntR."
    found = list(streams(MemorySource(data), scope))
    assert Global("os", "system") in [fact.target for fact in found if isinstance(fact, Import)]
    assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.LIMIT]
