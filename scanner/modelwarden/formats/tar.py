"""TAR archives (.tar, .nemo, and what is left of .tar.gz when it is decompressed): each member is scanned like a file.

Specifications: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format"; GNU tar manual, "Basic Tar Format".

Checked: Header checksums, GNU and pax extensions; every member as whatever it is, and what stands behind the end.

Not checked: Owners, permissions and times; the holes of sparse members, which are reported.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.parsing.tar.contents import entries, opened
from modelwarden.parsing.tar.headers import BLOCK, Member, is_header

_LAYER = re.compile(r"(?:layer|[0-9a-f]{64})(?:\.tar)?")
"""How container images name their layers: they are unpacked to be a root."""

_MODELS = (".nemo", ".pt", ".pth", ".ckpt")


def _recognise(head: Head) -> bool:
    """By the first header; a broken one (`ustar` without its checksum) is skipped by GNU tar, which extracts what follows."""
    return is_header(head.start[:BLOCK]) or (head.start[257:262] == b"ustar" and head.size >= 2 * BLOCK)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    for entry in entries(source, scope.budget, is_layer=_LAYER.fullmatch(scope.name) is not None):
        if isinstance(entry, Member):
            yield from _member(source, entry, scope.name)
        else:
            yield entry


def _member(source: ByteSource, entry: Member, archive: str) -> Iterator[Fact]:
    """A member; of an archive that calls itself a model also whether it is a program."""
    facts = opened(source, entry)
    if archive.lower().endswith(_MODELS):
        from modelwarden.parsing.code_members import with_programs  # few archives are models

        facts = with_programs(facts)
    yield from facts


FORMAT = Format(
    name="tar",
    title="TAR archive",
    suffixes=(),
    ambiguous_suffixes=(".tar", ".nemo"),
    recognise=_recognise,
    observe=_observe,
)
