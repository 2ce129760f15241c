"""TAR archives: the members as Python's `tarfile` would list them, from headers alone.

Specifications: POSIX.1-2017, pax, "pax Interchange Format" and "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
Where readers differ we do as `tarfile` does, which is what machine-learning tools use; it ignores the size of what is no regular
file, ends at the first block of zeros, and takes members of unknown kinds for files.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass, replace

from modelwarden.domain.budget import Budget
from modelwarden.domain.format import ByteSource

BLOCK = 512
HARD_LINK, SYMLINK, DIRECTORY = ord("1"), ord("2"), ord("5")
_SPARSE = ord("S")
_WITHOUT_DATA = frozenset(b"123456")
_LONG_NAME, _LONG_LINK = ord("L"), ord("K")
_PAX, _PAX_SOLARIS, _PAX_GLOBAL = ord("x"), ord("X"), ord("g")
_GNU = frozenset((_SPARSE, _LONG_NAME, _LONG_LINK))
_DESCRIBING = frozenset((_LONG_NAME, _LONG_LINK, _PAX, _PAX_SOLARIS, _PAX_GLOBAL))

_LONGEST_DESCRIPTION = 1 << 20
"""Longest name or set of pax records we read: paths are limited to 4 KiB on the systems that could hold them."""
_HIGH = bytes(range(128, 256))
_PAX_LENGTH = re.compile(rb"(\d{1,20}) ")
_WINDOW = 1 << 20
_READINGS = 4
"""So many places where readers go apart are followed in one archive."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member: its header at `offset`, its content from `data`, `size` bytes as stated.

    `link`: where a link leads. `kind`: the header's type flag. `sparse`: the content is stored with its holes left out, so that
    the stored bytes are not what a reader would extract. `other_name`: what a reader calls it that knows neither pax nor GNU's
    long names, when that is another one. Names are not sanitised; bytes that are no UTF-8 are surrogates.
    """

    name: str
    kind: int
    offset: int
    data: int
    size: int
    link: str = ""
    sparse: bool = False
    other_name: str = ""

    @property
    def is_file(self) -> bool:
        """Whether it holds content."""
        return self.kind not in _WITHOUT_DATA

    @property
    def is_link(self) -> bool:
        """Whether it stands for another member, or for a file outside."""
        return self.kind in (HARD_LINK, SYMLINK)


@dataclass(frozen=True, slots=True)
class Damage:
    """`length` bytes from `offset` that are no member, and why."""

    offset: int
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Two sizes are stated of a member: for some readers the next header is the one at `offset`, which we do not come by."""

    member: Member
    offset: int


@dataclass(frozen=True, slots=True)
class _Description:
    """What the headers before a member say about it."""

    name: str | None = None
    link: str | None = None
    size: int | None = None
    sparse: bool = False


def is_header(block: bytes) -> bool:
    """Whether a block of 512 bytes is a header: its checksum is right, summed as unsigned or (old Sun tars) signed bytes."""
    if len(block) < BLOCK:
        return False
    stated = _number(block[148:156])
    rest = block[:148] + block[156:BLOCK]
    unsigned = sum(rest) + 8 * ord(" ")
    high = len(rest) - len(rest.translate(None, _HIGH))
    return stated is not None and stated in (unsigned, unsigned - 256 * high)


def members(source: ByteSource, budget: Budget) -> Generator[Member | Damage | Elsewhere, None, int]:
    """The members of the archive at the start of `source`, in order, and what is damaged between them.

    Behind damage the next header is looked for. At the end come the places where other readers would go on. Returns the offset
    behind the archive: past its first block of zeros, or where the source ends. Raises LimitReached.
    """
    position = 0
    own = _Description()
    everywhere = _Description()
    elsewhere: dict[int, Member] = {}
    end_of_archive = source.size
    while position < source.size:
        block = source.read(position, BLOCK)
        if not block.strip(b"\0"):
            end_of_archive = min(position + BLOCK, source.size)
            break
        if not is_header(block):
            following = _next_header(source, position + BLOCK)
            yield Damage(position, following - position, "no header stands where one is due")
            position = following
            continue
        budget.spend_members()
        elsewhere.pop(position, None)
        member = _basic(block, position)
        if member.size < 0:
            yield Damage(position, BLOCK, f"{member.name}: its size cannot be read")
            position += BLOCK
            continue
        if member.kind in _DESCRIBING:
            position = _after(member)
            problem, description = _described(source, member, own)
            if problem:
                yield Damage(member.offset, member.size, problem)
            elif member.kind == _PAX_GLOBAL:
                everywhere = _over(description, everywhere)
            else:
                own = description
            continue
        if member.kind == _SPARSE:
            member = _behind_the_map(source, member, block)
        basic = member
        member = _applied(_over(own, everywhere), basic)
        end = _after(member) if member.is_file else member.data
        other = _after(basic)  # for a reader that knows no pax, or skips what it takes for a link's content
        if basic.size and other != end and len(elsewhere) < _READINGS:
            elsewhere[other] = member
        own = _Description()
        yield member
        position = end
    for offset, member in elsewhere.items():
        if is_header(source.read(offset, BLOCK)):
            yield Elsewhere(member, offset)
    return end_of_archive


def _basic(block: bytes, offset: int) -> Member:
    """What a header by itself says; a size of -1 cannot be read."""
    name = _text(block[:100])
    kind = block[156]
    prefix = _text(block[345:500]) if kind not in _GNU else ""
    if kind == 0 and name.endswith("/"):
        kind = DIRECTORY
    size = _number(block[124:136])
    return Member(
        name=f"{prefix}/{name}" if prefix else name,
        kind=kind,
        offset=offset,
        data=offset + BLOCK,
        size=-1 if size is None else size,
        link=_text(block[157:257]),
        sparse=kind == _SPARSE,
    )


def _described(source: ByteSource, member: Member, known: _Description) -> tuple[str, _Description]:
    """`known` with what a describing header adds; or what is wrong with that header."""
    if member.size > _LONGEST_DESCRIPTION:
        return f"a description of {member.size} bytes is too long to be read", known
    content = source.read(member.data, member.size)
    if len(content) < member.size:
        return "the description of a member is cut off", known
    if member.kind == _LONG_NAME:
        return "", replace(known, name=_text(content))
    if member.kind == _LONG_LINK:
        return "", replace(known, link=_text(content))
    return _pax(content, _Description() if member.kind == _PAX_GLOBAL else known)


def _pax(content: bytes, known: _Description) -> tuple[str, _Description]:
    """`known` with what pax records say: "length key=value\\n", the length that of the whole record."""
    position = 0
    while position < len(content) and content[position]:
        match = _PAX_LENGTH.match(content, position)
        end = position + int(match[1]) if match is not None else 0
        if match is None or not match.end() < end <= len(content):
            return "a pax record has no sensible length", known
        key, _, value = content[match.end() : end - 1].partition(b"=")
        if key == b"path":
            known = replace(known, name=_text(value))
        elif key == b"linkpath":
            known = replace(known, link=_text(value))
        elif key == b"size" and value.isdigit() and len(value) < 20:
            known = replace(known, size=int(value))
        elif key.startswith(b"GNU.sparse."):
            known = replace(known, sparse=True)
            if key == b"GNU.sparse.name":
                known = replace(known, name=_text(value))
        position = end
    return "", known


def _over(own: _Description, everywhere: _Description) -> _Description:
    """What is said of one member, completed by what is said of all."""
    return _Description(
        name=everywhere.name if own.name is None else own.name,
        link=everywhere.link if own.link is None else own.link,
        size=everywhere.size if own.size is None else own.size,
        sparse=own.sparse or everywhere.sparse,
    )


def _applied(description: _Description, member: Member) -> Member:
    return replace(
        member,
        name=member.name if description.name is None else description.name,
        link=member.link if description.link is None else description.link,
        size=member.size if description.size is None else description.size,
        sparse=member.sparse or description.sparse,
        other_name="" if description.name in (None, member.name) else member.name,
    )


def _behind_the_map(source: ByteSource, member: Member, block: bytes) -> Member:
    """The member with its content behind the blocks that continue its map of holes."""
    data = member.data
    more = block[482]
    while more and data < source.size:
        more = source.read(data + 504, 1) > b"\0"
        data += BLOCK
    return replace(member, data=data)


def _after(member: Member) -> int:
    return member.data + -(-member.size // BLOCK) * BLOCK


def _next_header(source: ByteSource, position: int) -> int:
    """The offset of the next block that is a header and says so, or the size."""
    while position < source.size:
        window = source.read(position, _WINDOW)
        found = window.find(b"ustar")
        while found >= 0:
            start = found - 257
            if start >= 0 and start % BLOCK == 0 and is_header(source.read(position + start, BLOCK)):
                return position + start
            found = window.find(b"ustar", found + 1)
        position += _WINDOW
    return source.size


def _number(field: bytes) -> int | None:
    """An octal number as `int` takes it, or a binary one (GNU) behind a byte of 0x80; None when it is neither, or negative."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:])
    try:
        number = int(field.partition(b"\0")[0].decode("ascii").strip() or "0", 8)
    except ValueError:
        return None
    return number if number >= 0 else None


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")
