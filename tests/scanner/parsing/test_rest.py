"""What follows an end is stated from its first byte that is no padding."""

import pytest

from modelwarden.domain.format import Child
from modelwarden.domain.observation import Anomaly, Quirk
from modelwarden.parsing.rest import rest_behind
from modelwarden.source.memory import MemorySource
from tests.corpus.programs import elf


@pytest.mark.parametrize(
    "data", [b"1234", b"1234" + bytes(9), b"1234" + bytes(3 << 20)], ids=["nothing", "few", "many"]
)
def test_padding_is_nothing(data: bytes) -> None:
    assert list(rest_behind(MemorySource(data), 4, "tree")) == []


@pytest.mark.parametrize("padding", [0, 1, 5000, (1 << 20) - 4, 1 << 20, 3 << 20])
def test_the_rest_begins_where_padding_ends(padding: int) -> None:
    anomaly, child = rest_behind(MemorySource(b"1234" + bytes(padding) + b"PK\0\0x"), 4, "tree")
    assert isinstance(anomaly, Anomaly)
    assert (anomaly.quirk, anomaly.detail) == (Quirk.TRAILING_DATA, "5 bytes follow the tree")
    assert isinstance(child, Child)
    assert (child.member, child.source.read(0, 9)) == (f"+{4 + padding}", b"PK\0\0x")


def test_other_padding_is_what_the_caller_says() -> None:
    assert list(rest_behind(MemorySource(b"1\r\n \n"), 1, "model", b" \r\n")) == []


def test_programs_further_on_are_handed_out_too() -> None:
    data = b"1234" + b"filler" + elf() + b"MZ" + elf()
    members = [fact.member for fact in rest_behind(MemorySource(data), 4, "tree") if isinstance(fact, Child)]
    assert members == ["+4", "+10", f"+{10 + len(elf()) + 2}"]
