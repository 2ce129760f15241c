"""What the members of a TAR archive hold, as facts."""

from collections.abc import Generator, Iterator

from modelwarden.domain.budget import Budget
from modelwarden.domain.format import ByteSource, Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.parsing.tar.headers import Member, members
from modelwarden.source.concatenated import after_zeros
from modelwarden.source.slice import SliceSource


def entries(source: ByteSource, budget: Budget) -> Iterator[Member | Fact]:
    """The members in order, gaps for what is damaged between them, and what stands behind the archive. Raises LimitReached."""
    end = yield from _members(source, budget)
    behind = after_zeros(source, end)
    if behind < source.size:
        yield Child(f"+{behind}", SliceSource(source, behind, source.size - behind))


def _members(source: ByteSource, budget: Budget) -> Generator[Member | Gap, None, int]:
    walk = members(source, budget)
    while True:
        try:
            found = next(walk)
        except StopIteration as done:
            end: int = done.value
            return end
        if isinstance(found, Member):
            yield found
        else:
            yield Gap(Shortfall.MALFORMED, found.reason, Span(found.offset, found.length))


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
    """A member as a `Child`, and what of it cannot be read. Nothing for a directory, a link or a device."""
    if member.is_file:
        yield from shortfall(source, member)
        yield Child(member.name, content(source, member), expected)
