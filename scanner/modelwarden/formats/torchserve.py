"""TorchServe's model archive (.mar): a ZIP with weights and the Python code that serves them.

TorchServe unpacks it and imports its handler, so that whoever wrote the archive runs code on the server: by design. The source is
parsed, never compiled or run, and what it reaches is a fact. Upstream: `model-archiver/model_archiver/model_packaging_utils.py`,
`ts/model_loader.py`. CVE-2023-48299 was a name in such an archive that climbed out.

Checked: everything that is checked of a ZIP, and of each Python member what it reaches through imports, aliases and `getattr`.

Not checked: compiled Python (`.pyc`), archives packed as `.tgz`, and what code computes while it runs.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall

_MANIFEST = b"MAR-INF/MANIFEST.json"


def _recognise(head: Head) -> bool:
    if not head.start.startswith(b"PK") or not (
        head.suffix == ".mar" or _MANIFEST in head.start or _MANIFEST in head.tail
    ):
        return False
    from modelwarden.domain.budget import Budget, Limits
    from modelwarden.parsing.zip.archive import Archive

    archive = Archive(head.source, Budget(Limits(expanded_bytes=64 << 20)))
    return any(entry.name == _MANIFEST.decode() for entry in archive.entries)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.code_members import with_programs
    from modelwarden.parsing.zip.archive import Archive, duplicates
    from modelwarden.parsing.zip.escape import escapes
    from modelwarden.parsing.zip.member import Members

    archive = Archive(source, scope.budget)
    yield from archive.facts
    yield from duplicates(archive.entries)
    yield from escapes(archive)
    members = Members(archive)
    for entry in archive.entries:
        for fact in with_programs(members.open(entry)):
            if isinstance(fact, Child) and fact.member.lower().endswith(".py"):
                yield _code(fact)
            yield fact


def _code(child: Child) -> Fact:
    from modelwarden.parsing.python_source import LARGEST, Unparsable, reached

    try:
        return reached(child.source.read(0, LARGEST + 1), child.member)
    except Unparsable as error:
        return Gap(Shortfall.UNSUPPORTED, f"{child.member}: {error}")


FORMAT = Format(
    name="torchserve",
    title="TorchServe model archive",
    suffixes=(),
    ambiguous_suffixes=(".mar",),
    recognise=_recognise,
    observe=_observe,
    refines=("zip",),
)
