"""ZIP archives of any kind (.npz, .keras, .mar and many more): each member is scanned like a file.

An attacker hides a pickle under a harmless name, behind a broken neighbour, or where one reader looks and another does not.
Specification: PKWARE APPNOTE.TXT. `numpy.load`, Keras and TorchServe decide by what a member holds, not by its name.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.parsing.zip.archive import Archive, duplicates, has_directory, starts_like_an_archive
from modelwarden.parsing.zip.member import Members


def _recognise(head: Head) -> bool:
    return starts_like_an_archive(head.start) or has_directory(head.source, head.tail)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    archive = Archive(source, scope.budget)
    yield from archive.facts
    yield from duplicates(archive.entries)
    members = Members(archive)
    for entry in archive.entries:
        yield from members.open(entry)


FORMAT = Format(
    name="zip",
    title="ZIP archive",
    suffixes=(".zip",),
    ambiguous_suffixes=(".npz", ".keras", ".mar", ".skops", ".jar", ".whl", ".egg", ".model", ".bin"),
    recognise=_recognise,
    observe=_observe,
)
