"""HDF5: groups, datasets and attributes; Keras 2 models, weights of Keras 3, pandas, AnnData and MATLAB files are written in it.

The format runs nothing by itself. Keras builds a model out of the JSON in the attribute `model_config`, whatever `safe_mode` says
(CVE-2025-9905); PyTables, and so pandas, unpickles attributes and object arrays; links, raw storage and virtual datasets make a
reader open other files (CVE-2026-1669). Specification: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html.

Checked: The configurations of Keras wherever they stand, attributes and PyTables objects that are pickles, links to other files,
datasets that are stored in other files, what follows the end of the file.

Not checked: The numbers of the datasets.
"""

from collections.abc import Iterator

from modelwarden.domain.format import HEAD_BYTES, ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.source.slice import SliceSource

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_FIRST_PLACE = 512
"""The signature stands at 0, or behind a user block of 512 bytes, 1024, 2048 and so on."""


def _recognise(head: Head) -> bool:
    return _place(head.source, head.size, head.start) is not None


def _place(source: ByteSource, size: int, start: bytes) -> int | None:
    """Where the signature stands."""
    length = len(_SIGNATURE)
    if start.startswith(_SIGNATURE):
        return 0
    place = _FIRST_PLACE
    while place + length <= size:
        found = start[place : place + length] if place + length <= len(start) else source.read(place, length)
        if found == _SIGNATURE:
            return place
        place *= 2
    return None


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.hdf5.apart import apart  # it imports h5py, and with it numpy

    yield from apart(source, scope.budget, describe=scope.describe)
    place = _place(source, source.size, source.read(0, HEAD_BYTES))
    if place is not None:
        yield from _tail(source, place)


def _tail(source: ByteSource, place: int) -> Iterator[Child]:
    """What stands behind the end that the superblock states."""
    block = source.read(place, 96)
    version = block[8] if len(block) > 8 else 0xFF
    if version <= 1:
        width, at = block[13], 24 + 4 * version + 2 * block[13]
    elif version <= 3:
        width, at = block[9], 12 + 2 * block[9]
    else:
        return
    if width not in (2, 4, 8, 16):
        return
    end = int.from_bytes(block[at : at + width], "little")
    start = end if end >= place else place + end
    if 0 < start < source.size and source.read(start, 4096).strip(b"\0"):
        yield Child(f"+{start}", SliceSource(source, start, source.size - start))


FORMAT = Format(
    name="hdf5",
    title="HDF5",
    suffixes=(".h5", ".hdf5"),
    ambiguous_suffixes=(".keras", ".hdf", ".h5ad", ".mat", ".model", ".weights"),
    recognise=_recognise,
    observe=_observe,
)
