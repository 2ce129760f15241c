"""Coders become decompressors of the standard library, or are said to be unsupported."""

import lzma

import pytest

from modelwarden.domain.budget import Budget
from modelwarden.parsing.seven_zip.folder import Unsupported, opener
from modelwarden.parsing.seven_zip.header import Coder, Folder
from modelwarden.source.inflate import InflatedSource, Method
from modelwarden.source.memory import MemorySource

CONTENT = b"weights " * 900


def folder(*coders: Coder, pairs: list[tuple[int, int]] | None = None, packed: int = 1) -> Folder:
    return Folder(list(coders), pairs or [], packed, [len(CONTENT)] * len(coders))


def coder(method: bytes, properties: bytes = b"", takes: int = 1, gives: int = 1) -> Coder:
    return Coder(method, takes, gives, properties)


def test_what_is_stored_stands_as_it_is() -> None:
    assert opener(folder(coder(b"\0"))) is None


@pytest.mark.parametrize(("method", "known"), [(b"\4\1\x08", Method.DEFLATE), (b"\4\2\2", Method.BZIP2)])
def test_methods_of_zip_are_known(method: bytes, known: Method) -> None:
    assert opener(folder(coder(method))) is known


@pytest.mark.parametrize("order", [0, 1])
def test_a_filter_before_lzma_is_undone_in_either_order(order: int) -> None:
    chain = [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 6}]
    data = lzma.compress(CONTENT, lzma.FORMAT_RAW, filters=chain)
    coders = [coder(b"\x21", b"\x18"), coder(b"\3", b"\3")]
    made = folder(*coders, pairs=[(1, 0)]) if not order else folder(*reversed(coders), pairs=[(0, 1)])
    method = opener(made)
    assert method is not None
    assert InflatedSource(MemorySource(data), method, Budget()).read(0, 1 << 20) == CONTENT


def test_a_dictionary_of_4_gib_is_not_provided() -> None:
    data = lzma.compress(CONTENT, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "preset": 6}])
    method = opener(folder(coder(b"\x21", b"\x28")))
    assert method is not None
    assert InflatedSource(MemorySource(data), method, Budget()).read(0, 1 << 20) == CONTENT


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (folder(coder(b"\6\xf1\7\1")), "encrypted"),
        (folder(coder(b"\3\4\1")), "030401"),
        (folder(coder(b"\4\1\x09")), "040109"),
        (folder(coder(b"")), "without an id"),
        (folder(coder(b"\3\1\1", b"\xff\0\0\0\0")), "properties"),
        (folder(coder(b"\3\1\1")), "properties"),
        (folder(coder(b"\3\3\1\x1b", takes=4), packed=4), "several streams"),
        (folder(coder(b"\x21", b"\x18"), coder(b"\x55"), pairs=[(1, 0)]), "55"),
        (folder(coder(b"\x21", b"\x18"), coder(b"\3"), pairs=[(1, 1)]), "no line"),
        (folder(coder(b"\x21", b"\x18"), coder(b"\3"), pairs=[(9, 9)]), "no line"),
        (folder(coder(b"\0"), coder(b"\3"), pairs=[(1, 0)]), "00"),
    ],
)
def test_other_coders_are_unsupported(made: Folder, word: str) -> None:
    with pytest.raises(Unsupported, match=word):
        opener(made)


def test_lzma_with_parameters_that_liblzma_refuses_gives_nothing() -> None:
    method = opener(folder(coder(b"\3\1\1", bytes([4 * 9 + 8]) + bytes(4))))
    assert method is not None
    assert InflatedSource(MemorySource(CONTENT), method, Budget()).size == 0
