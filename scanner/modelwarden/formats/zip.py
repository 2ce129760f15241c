"""ZIP archives of any kind (.npz, .keras, .mar and many more): each member is scanned like a file.

An attacker hides a pickle under a harmless name, behind a broken neighbour, or where one reader looks and another does not.
Specification: PKWARE APPNOTE.TXT. `numpy.load`, Keras and TorchServe decide by what a member holds, not by its name.

Checked: Local headers and both directories against each other, members that only one of them has, names that occur twice,
checksums, what stands before, between and behind the members; every member as whatever it is.

Not checked: The content of encrypted members and of compression methods this Python lacks; both are reported.
"""

from collections.abc import Iterator

from modelwarden.domain.budget import Budget, LimitReached
from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.observation import Anomaly
from modelwarden.parsing.zip.archive import (
    FURTHER_DIRECTORY,
    Archive,
    duplicates,
    has_directory,
    starts_like_an_archive,
)
from modelwarden.parsing.zip.escape import escapes
from modelwarden.parsing.zip.member import Members

_MODELS = (".npz", ".skops", ".pt", ".pth", ".ckpt", ".keras")


def _recognise(head: Head) -> bool:
    return starts_like_an_archive(head.start) or has_directory(head.source, head.tail)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    archive = Archive(source, scope.budget)
    yield from _of_this_file(archive.facts, source)
    yield from duplicates(archive.entries)
    yield from escapes(archive)
    yield from _members(archive, scope.name)


def _of_this_file(facts: list[Fact], source: ByteSource) -> Iterator[Fact]:
    """The facts, without the directories of archives that are members of a TAR archive: its tail shows those, too."""
    further = [fact for fact in facts if isinstance(fact, Anomaly) and fact.subject == FURTHER_DIRECTORY]
    packed = further and _packed(source, [fact.span.offset for fact in further])
    for fact in facts:
        if not (packed and fact in further):
            yield fact


def _packed(source: ByteSource, offsets: list[int]) -> bool:
    """Whether the bytes begin with a TAR archive, and each offset lies in a member of it."""
    from modelwarden.parsing.tar.headers import (
        BLOCK,
        Member,
        is_header,
        members,
    )  # few archives have such a tail

    if not is_header(source.read(0, BLOCK)):
        return False
    missing = set(offsets)
    try:
        for member in members(source, Budget()):
            if isinstance(member, Member) and member.is_file:
                missing -= {offset for offset in missing if member.data <= offset < member.data + member.size}
    except LimitReached:
        return False
    return not missing


def _members(archive: Archive, name: str) -> Iterator[Fact]:
    """Every member; of an archive that calls itself a model also which ones are programs."""
    members = Members(archive)
    opened: Iterator[Fact] = (fact for entry in archive.entries for fact in members.open(entry))
    if name.lower().endswith(_MODELS):
        from modelwarden.parsing.code_members import with_programs  # few archives are models

        opened = with_programs(opened)
    yield from opened


FORMAT = Format(
    name="zip",
    title="ZIP archive",
    suffixes=(".zip",),
    ambiguous_suffixes=(".npz", ".keras", ".mar", ".skops", ".jar", ".whl", ".egg", ".model", ".bin"),
    recognise=_recognise,
    observe=_observe,
)
