"""What the members of a TAR archive hold, as facts."""

from collections.abc import Generator, Iterator

from modelwarden.domain.budget import Budget, LimitReached
from modelwarden.domain.format import ByteSource, Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.parsing.extraction import Extraction, way_out
from modelwarden.parsing.tar.headers import BLOCK, HARD_LINK, SYMLINK, Elsewhere, Member, members
from modelwarden.source.concatenated import after_zeros
from modelwarden.source.slice import SliceSource

_SPECIAL = {ord("3"): "character device", ord("4"): "block device", ord("6"): "FIFO"}


def entries(source: ByteSource, budget: Budget, *, is_layer: bool = False) -> Iterator[Member | Fact]:
    """The members in order, gaps for what is damaged between them, and what stands behind the archive. Raises LimitReached.

    What is odd about the members (where they would land, where links lead) comes among them, or at the end. `is_layer`: it is a
    layer of a container image, where links to `/` lead to the image.
    """
    extraction = Extraction(is_root=is_layer)
    end = source.size
    try:
        end = yield from _members(source, budget, extraction)
    except LimitReached:
        yield from extraction.finish()
        raise
    yield from extraction.finish()
    behind = after_zeros(source, end)
    if behind < source.size:
        length = source.size - behind
        detail = f"{length} bytes follow the end of the archive; some readers go on behind it"
        yield Anomaly(Quirk.POLYGLOT, "end", detail, Span(behind, length))
        yield Child(f"+{behind}", SliceSource(source, behind, source.size - behind))


def _members(
    source: ByteSource, budget: Budget, extraction: Extraction
) -> Generator[Member | Anomaly | Gap | Child, None, int]:
    walk = members(source, budget)
    while True:
        try:
            found = next(walk)
        except StopIteration as done:
            end: int = done.value
            return end
        if isinstance(found, Member):
            yield found
            yield from _escapes(found, extraction)
        elif isinstance(found, Elsewhere):
            yield from _elsewhere(source, found)
        else:
            yield Gap(Shortfall.MALFORMED, found.reason, Span(found.offset, found.length))


def _elsewhere(source: ByteSource, found: Elsewhere) -> Iterator[Anomaly | Child]:
    """The archive as a reader sees it that believes another size; TARmageddon (CVE-2025-62518) is one."""
    detail = f"two sizes are stated; for some readers the next member stands at byte {found.offset}"
    yield Anomaly(Quirk.HEADER_DISAGREEMENT, found.member.name, detail, Span(found.member.offset, BLOCK))
    yield Child(f"+{found.offset}", SliceSource(source, found.offset, source.size - found.offset))


def _escapes(member: Member, extraction: Extraction) -> Iterator[Anomaly]:
    span = Span(member.offset, member.data - member.offset)
    yield from extraction.member(member.name, span, is_link=member.is_link)
    if member.other_name and way_out(member.other_name):
        yield from extraction.member(member.other_name, span)
    if member.kind == SYMLINK:
        extraction.symlink(member.name, member.link, span)
    elif member.kind == HARD_LINK:
        yield from extraction.hard_link(member.name, member.link, span)
    elif member.kind in _SPECIAL:
        extraction.device(member.name, _SPECIAL[member.kind], span)


def content(source: ByteSource, member: Member) -> ByteSource:
    """The stored bytes of a member, as far as they are there."""
    return SliceSource(source, member.data, member.size)


def shortfall(source: ByteSource, member: Member) -> Iterator[Gap]:
    """What of a member's content cannot be read as it would be extracted."""
    span = Span(member.data, member.size)
    there = max(0, min(member.size, source.size - member.data))
    if there < member.size:
        yield Gap(Shortfall.MALFORMED, f"{member.name}: cut off after {there} of {member.size} bytes", span)
    if member.sparse:
        yield Gap(Shortfall.UNSUPPORTED, f"{member.name}: stored as a sparse file, its holes left out", span)


def opened(source: ByteSource, member: Member, expected: str = "") -> Iterator[Fact]:
    """A member as a `Child`, and what of it cannot be read. Nothing for a directory, a link or a device.

    Nor for a whiteout, an empty file that deletes one of a lower layer (OCI image specification): its name is no claim.
    """
    if member.is_file and not (member.size == 0 and member.name.rpartition("/")[2].startswith(".wh.")):
        yield from shortfall(source, member)
        yield Child(member.name, content(source, member), expected)
