"""TAR archives (.tar, .nemo, and what is left of .tar.gz when it is decompressed): each member is scanned like a file.

Specifications: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format"; GNU tar manual, "Basic Tar Format".
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.parsing.tar.contents import entries, opened
from modelwarden.parsing.tar.headers import BLOCK, Member, is_header


def _recognise(head: Head) -> bool:
    return is_header(head.start[:BLOCK])


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    for entry in entries(source, scope.budget):
        if isinstance(entry, Member):
            yield from opened(source, entry)
        else:
            yield entry


FORMAT = Format(
    name="tar",
    title="TAR archive",
    suffixes=(),
    ambiguous_suffixes=(".tar", ".nemo"),
    recognise=_recognise,
    observe=_observe,
)
