"""Start tags of XML, and what ends the reading of it."""

import pytest

from modelwarden.parsing.xml_elements import Unreadable, elements
from modelwarden.source.memory import MemorySource


def test_start_tags_come_with_what_encloses_them() -> None:
    found = list(elements(MemorySource(b"<a><b x='1'/><c><b/></c></a>"), 1 << 20))
    assert [(one.name, one.inside) for one in found] == [
        ("a", ()),
        ("b", ("a",)),
        ("c", ("a",)),
        ("b", ("a", "c")),
    ]
    assert found[1].attributes == {"x": "1"}


@pytest.mark.parametrize(
    "encoding", ["UTF-9", "hex", "undefined", "utf-7", "shift_jis", "idna", "a.b", "X" * 200]
)
def test_an_encoding_that_is_not_known_is_no_failure(encoding: str) -> None:
    """Found by fuzzing: Python's codecs raise errors of their own in the middle of expat."""
    document = f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode()
    with pytest.raises(Unreadable):
        list(elements(MemorySource(document), 1 << 20))


def test_an_encoding_that_is_known_is_read() -> None:
    document = '<?xml version="1.0" encoding="windows-1251"?><a b="я"/>'.encode("windows-1251")
    assert [one.attributes for one in elements(MemorySource(document), 1 << 20)] == [{"b": "я"}]
