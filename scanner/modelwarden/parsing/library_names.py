"""Names of shared libraries that stand as strings of their own in binary data.

A string is one when it ends with a NUL, as C writes it, or when its length stands before it, as archives of C++ (four or eight
bytes, little-endian) and protocol buffers (one byte) write it. So an error message that mentions a library is none, and neither
are the letters `.so` that stand in every sixteen megabytes of weights.
"""

import re
from collections.abc import Iterator

LONGEST = 4096
"""PATH_MAX of Linux; the one of Windows is shorter."""
BEHIND = 32
"""How many bytes behind the beginning of an ending have to be there to judge it."""

_ENDING = re.compile(rb"\.(?:so(?:\.[0-9]{1,4}){0,4}|(?i:dll|dylib))")
_PRINTABLE = bytes(range(0x20, 0x7F))
_PATH = re.compile(r"[A-Za-z0-9_+./\\~@:%${}-]+")
_SPACED_PATH = re.compile(r"(?:/|\\\\|[A-Za-z]:[/\\])[A-Za-z0-9_+./\\~@:%${}() -]+")
"""Blanks count only where it is plain that a path begins: `C:\\Program Files\\a.dll`."""
_SHORTEST_STEM = 4
"""Of a bare name ending with `.so`: shorter ones stand by chance in gigabytes of weights."""


def find_library_names(data: bytes, first: int, last: int) -> Iterator[tuple[int, str]]:
    """For every ending that begins in `data[first:last]`: where the name begins and the name, empty when it is none.

    Before `first`, `LONGEST` bytes are wanted, behind `last`, `BEHIND`; where fewer are, the file begins or ends there.
    """
    start = told = max(0, first - LONGEST)
    for match in _ENDING.finditer(data, first, min(len(data), last + BEHIND)):
        if match.start() >= last:
            return
        # A run of text is measured once, however many endings stand in it.
        run = len(data[told : match.start()].rstrip(_PRINTABLE))
        start = told + run if run else start
        told = match.end()
        yield _delimited(data, start, match.end())


def _delimited(data: bytes, start: int, end: int) -> tuple[int, str]:
    """The string between the last byte that is no text and `end`, when something says that it ends there."""
    if not 0 < end - start <= LONGEST:
        return start, ""
    ends = data[end : end + 1] in (b"\0", b"")
    if not _has_length(data, start, end - start):
        if data[start] == end - start - 1 and not (
            ends and data[start] in b"./"
        ):  # the length itself is a letter
            start += 1
        elif not ends:
            return start, ""
    name = data[start:end].decode("ascii")
    return start, name if _is_path(name) else ""


def _has_length(data: bytes, start: int, length: int) -> bool:
    return (start >= 1 and data[start - 1] == length) or any(
        start >= width and int.from_bytes(data[start - width : start], "little") == length for width in (4, 8)
    )


def _is_path(name: str) -> bool:
    if not (_PATH.fullmatch(name) or _SPACED_PATH.fullmatch(name)):
        return False
    stem = re.split(r"\.(?:so|dll|dylib)(?:\.|\Z)", name, maxsplit=1, flags=re.IGNORECASE)[0]
    if re.search(r"[/\\]", stem):
        return True
    return len(stem) >= (_SHORTEST_STEM if ".so" in name else 2)
