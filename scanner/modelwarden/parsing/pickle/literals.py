"""How the text opcodes spell their constants: at least as lenient as the most lenient loader.

CPython parsed INT and LONG with base 0 until gh-126992 and with base 10 since; its C code also stops at a NUL byte.
"""

import re

_SIMPLE = {
    b"\\": b"\\", b"'": b"'", b'"': b'"', b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t",
    b"v": b"\v", b"\n": b"",
}  # fmt: skip
_ESCAPE = rb"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|(x)|([\s\S])|$)"
_BASES = (10, 0, 8, 16)


def integer(line: bytes) -> int | None:
    """The value of an INT, LONG, GET or PUT argument, or None when no loader accepts it."""
    text = line.partition(b"\0")[0].strip()
    if text.endswith(b"L"):
        text = text[:-1]
    if len(text) > 4300:  # CPython refuses longer decimal strings; hexadecimal ones are of no interest
        return 0 if re.fullmatch(rb"[+-]?(?:0[xX])?[0-9a-fA-F_]+", text) else None
    for base in _BASES:
        try:
            return int(text, base)
        except ValueError:
            continue
    return None


def is_float(line: bytes) -> bool:
    """Whether a FLOAT argument is one."""
    try:
        float(line.partition(b"\0")[0])
    except ValueError:
        return False
    return True


def string(line: bytes) -> bytes | None:
    """The bytes a STRING argument stands for: quoted, with Python 2 escapes. None when the loader refuses it."""
    line = line.strip(b" \t\r")
    if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b"'", b'"'):
        return None
    text = line[1:-1]
    if b"\\" not in text:
        return text
    broken = False

    def unescape(match: re.Match[bytes]) -> bytes:
        nonlocal broken
        octal, hexadecimal, bare_x, other = match.groups()
        if octal is not None:
            return bytes((int(octal, 8) & 0xFF,))
        if hexadecimal is not None:
            return bytes((int(hexadecimal, 16),))
        if bare_x is not None or other is None:
            broken = True
            return b""
        return _SIMPLE.get(other, b"\\" + other)

    decoded = re.sub(_ESCAPE, unescape, text)
    return None if broken else decoded


def unicode(line: bytes) -> bytes | None:
    """The UTF-8 bytes of a UNICODE argument (codec raw-unicode-escape), or None when the loader refuses it."""
    if b"\\" not in line and line.isascii():
        return line
    try:
        return line.decode("raw-unicode-escape").encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None


def text(raw: bytes) -> str:
    """Text bytes as the loader decodes them (UTF-8 with surrogates), never failing: what cannot be decoded becomes U+FFFD."""
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")
