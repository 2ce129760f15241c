"""Members of a ZIP archive that would land outside of it, and links that lead out."""

from collections.abc import Iterator

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap
from modelwarden.parsing.extraction import Extraction
from modelwarden.parsing.zip.archive import Archive
from modelwarden.parsing.zip.entry import Entry
from modelwarden.parsing.zip.walk import decompressor_of
from modelwarden.source.inflate import InflatedSource
from modelwarden.source.slice import SliceSource

_LONGEST_TARGET = 4096


def escapes(archive: Archive) -> Iterator[Anomaly | Gap]:
    """The facts about every name that some reader gives a member, and about symbolic links: a mode says so, the content is the
    target.

    Absolute names of arrays are passed by: `numpy.savez` names members after keys, which may be paths (`/layer/0.npy`), and no
    reader of them extracts.
    """
    extraction = Extraction()
    for entry in archive.entries:
        span = Span(entry.offset, entry.extent)
        link = entry.header.is_symlink
        for name in _names(entry):
            if not _is_key_of_an_array(name):
                yield from extraction.member(name, span, is_link=link)
        if link and entry.data is not None:
            extraction.symlink(entry.name, _target(archive, entry), span)
    yield from extraction.finish()


def _names(entry: Entry) -> Iterator[str]:
    yield entry.name
    if entry.local_name is not None:
        yield entry.local_name
    if entry.header.unicode_name is not None and entry.header.unicode_name != entry.name:
        yield entry.header.unicode_name


def _is_key_of_an_array(name: str) -> bool:
    return (
        name.endswith(".npy") and name.startswith("/") and ".." not in name and name[1:2] not in ("/", "\\")
    )


def _target(archive: Archive, entry: Entry) -> str:
    """Where a link leads, as far as it can be read: what is too long for a path is cut."""
    method = decompressor_of(entry.header.method)
    packed = SliceSource(archive.source, entry.data or 0, min(entry.extent, 2 * _LONGEST_TARGET))
    try:
        content = packed if method is None else InflatedSource(packed, method, archive.budget)
        return content.read(0, _LONGEST_TARGET + 1).decode("utf-8", "surrogateescape")
    except LimitReached:
        return ""
