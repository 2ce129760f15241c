"""What a file begins with and which keys it holds, for formats that are JSON: searched as bytes, however long it is.

`json.loads` skips any number of blanks, takes keys in any order, letters as escapes, and bytes in UTF-8, UTF-16 or UTF-32 with or
without a mark (`json/__init__.py`, `detect_encoding`). So a beginning of some thousand bytes tells little: blanks or a long value
before the telling keys would hide a file. It is read in windows, once, and what is too long even for that counts as found: its
reader says then that it did not look.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from modelwarden.domain.format import ByteSource

_WINDOW: Final = 1 << 20
_AHEAD: Final = 1 << 10
"""Bytes behind a window in which a key may end and its value begin: the longest key in escapes in UTF-32, and some blanks."""
_BLANKS: Final = 1 << 30
_SEARCHED: Final = 64 << 30
"""`Limits.searched_bytes`, which who recognises does not know."""
_BLANK: Final = b" \t\r\n"
_SPACE: Final = rb"[ \t\r\n]"
_ESCAPE: Final = rb"\\u00[4-7]"
"""Of a letter of ASCII, which nobody needs to escape."""
_MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


class Key:
    """A key and what its value begins with, as a set of a regular expression (`["{]`, `\\d`)."""

    __slots__ = ("_escaped", "_plain", "_quoted")

    def __init__(self, name: str, value: bytes) -> None:
        # blanks without end leave open what follows; the name in a list, or before another value, is a word of a vocabulary
        behind = rb"(?=%b{0,64}(?::%b{0,64}(?:%b|%b{64})|%b{64}))" % (_SPACE, _SPACE, value, _SPACE, _SPACE)
        self._quoted = b'"%b"' % name.encode()
        self._plain = self._quoted + behind
        self._escaped = b'"%b"' % b"".join(map(_letter, name)) + behind

    def stands_in(self, window: bytes, length: int, *, escaped: bool) -> bool:
        """Whether it begins in the first `length` bytes of a window, of whose letters some are `escaped`."""
        if escaped:
            pattern = self._escaped
        elif self._quoted in window:
            pattern = self._plain
        else:
            return False
        found = re.search(pattern, window)  # at most as many patterns as keys: `re` keeps them
        return found is not None and found.start() < length


def _letter(letter: str) -> bytes:
    """A letter, written plainly or as an escape."""
    return rb"(?:%b|\\u00(?i:%02x))" % (letter.encode(), ord(letter))


def beginning(source: ByteSource, count: int = 1) -> bytes:
    """The first characters that are not blank; empty when there are blanks without end, or nothing else."""
    found = b""
    for window, length in _windows(source, _BLANKS):
        found += window[:length].translate(None, _BLANK)[:count]
        if len(found) >= count:
            break
    return found[:count]


def holds(source: ByteSource, wanted: Sequence[Sequence[Key]]) -> bool:
    """Whether of each of the groups one key at least is there; assumed of what is too long to be searched."""
    missing = list(wanted)
    for window, length in _windows(source, _SEARCHED):
        escaped = re.search(_ESCAPE, window) is not None
        missing = [
            keys
            for keys in missing
            if not any(key.stands_in(window, length, escaped=escaped) for key in keys)
        ]
        if not missing:
            return True
    return source.size > _SEARCHED


def narrow(data: bytes) -> bytes:
    """A whole document in UTF-8 without a mark."""
    encoding, mark = _encoding(data[:4])
    return _narrow(data[mark:], encoding)


def windows(source: ByteSource, most: int = _SEARCHED) -> Iterator[bytes]:
    """The text in UTF-8, in pieces that overlap a little."""
    for window, _ in _windows(source, most):
        yield window


def _windows(source: ByteSource, most: int) -> Iterator[tuple[bytes, int]]:
    """Pieces, each with some bytes of the next, and the length that it has without them."""
    encoding, offset = _encoding(source.read(0, 4))
    first = _AHEAD << 2  # most files tell all at once
    size = first
    while offset < min(source.size, most):
        data = source.read(offset, size + _AHEAD)
        if not data:
            return
        body = _narrow(data[:size], encoding)
        yield body + _narrow(data[size:], encoding), len(body)
        offset += size
        size = _WINDOW


def _encoding(start: bytes) -> tuple[str, int]:
    """As `json.detect_encoding`, with the order of bytes, and how long the mark is."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding, len(mark)
    if start.startswith(b"\xef\xbb\xbf"):
        return "utf-8", 3
    if len(start) == 4 and not start[0]:
        return ("utf-16-be" if start[1] else "utf-32-be"), 0
    if len(start) == 4 and not start[1]:
        return ("utf-16-le" if start[2] or start[3] else "utf-32-le"), 0
    return "utf-8", 0


def _narrow(data: bytes, encoding: str) -> bytes:
    return data if encoding == "utf-8" else data.decode(encoding, "replace").encode("utf-8", "replace")
