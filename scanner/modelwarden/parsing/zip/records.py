"""The fixed records of a ZIP archive (APPNOTE 4.3.7 to 4.3.16), each read from bytes without judging them."""

import stat
import struct
import zlib
from dataclasses import dataclass

LOCAL = b"PK\x03\x04"
CENTRAL = b"PK\x01\x02"
END = b"PK\x05\x06"
END64 = b"PK\x06\x06"
LOCATOR64 = b"PK\x06\x07"
DESCRIPTOR = b"PK\x07\x08"
SPANNED = (DESCRIPTOR + LOCAL, b"PK00" + LOCAL)
"""How a file begins that was once written as a spanned archive (APPNOTE 8.5.3 and 8.5.4)."""

STREAMED = 0x0008
"""Flag bit 3: sizes and CRC follow the data."""
UTF8 = 0x0800
HAS_END_MARKER = 0x0002
"""Flag bit 1, for LZMA: the stream has an end marker."""
ENCRYPTION = 0x2061
"""Flag bits 0, 5, 6 and 13: encrypted, patch data, strong encryption, masked headers. `zipfile` refuses such members."""

UNSET32 = 0xFFFFFFFF

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR64 = struct.Struct("<4sIQI")
LOCAL_BYTES = _LOCAL.size
CENTRAL_BYTES = _CENTRAL.size
END_BYTES = _END.size
END64_BYTES = _END64.size
LOCATOR64_BYTES = _LOCATOR64.size

_ZIP64_EXTRA = 0x0001
_UNICODE_PATH_EXTRA = 0x7075


@dataclass(frozen=True, slots=True)
class End:
    """An end-of-directory record, 32 or 64 bit: what it states about its directory. Sizes and offsets in bytes."""

    count: int
    size: int
    offset: int
    comment: int = 0

    @property
    def is_unset(self) -> bool:
        """Whether it refers to a 64-bit record instead."""
        return self.size == UNSET32 or self.offset == UNSET32


def read_end(data: bytes, at: int = 0) -> End | None:
    """The end record at `at`, or None when there is none."""
    if data[at : at + 4] != END or len(data) - at < END_BYTES:
        return None
    _, _, _, _, count, size, offset, comment = _END.unpack_from(data, at)
    return End(count, size, offset, comment)


def read_end64(data: bytes) -> End | None:
    """The 64-bit end record at the start of `data`, or None."""
    if data[:4] != END64 or len(data) < END64_BYTES:
        return None
    _, _, _, _, _, _, _, count, size, offset = _END64.unpack_from(data)
    return End(count, size, offset)


def read_locator64(data: bytes) -> int | None:
    """The offset of the 64-bit end record that the locator at the start of `data` states, or None."""
    if data[:4] != LOCATOR64 or len(data) < LOCATOR64_BYTES:
        return None
    offset: int = _LOCATOR64.unpack_from(data)[2]
    return offset


@dataclass(frozen=True, slots=True)
class Header:
    """What a central record and a local header both state about a member. Sizes in bytes, 64-bit values put in place."""

    raw_name: bytes
    flags: int
    method: int
    crc: int
    compressed_size: int
    size: int
    length: int
    """Of the header itself, with its name, extra field and comment."""
    offset: int = 0
    """Where the local header is, as stated (central records only)."""
    unicode_name: str | None = None
    """The name the Info-ZIP Unicode Path extra field gives, when its checksum fits (APPNOTE 4.6.9)."""
    mode: int = 0
    """The file's mode as Unix has it, or 0 (central records only)."""

    @property
    def name(self) -> str:
        """The name as `zipfile` decodes it; bytes that are no UTF-8 become escapes."""
        return self.raw_name.decode("utf-8" if self.flags & UTF8 else "cp437", "backslashreplace")

    @property
    def is_streamed(self) -> bool:
        """Whether sizes and CRC follow the data."""
        return bool(self.flags & STREAMED)

    @property
    def is_symlink(self) -> bool:
        """Whether extractors for Unix make it a symbolic link to what its content says, whatever system it claims to be from."""
        return stat.S_ISLNK(self.mode)

    @property
    def claims_encryption(self) -> bool:
        """Whether a flag says that the data cannot be read as it stands."""
        return bool(self.flags & ENCRYPTION)


def read_local(data: bytes) -> Header | None:
    """The local header at the start of `data`, or None when the signature is not there or the header is cut off."""
    if data[:4] != LOCAL or len(data) < LOCAL_BYTES:
        return None
    _, _, flags, method, _, _, crc, packed, size, names, extras = _LOCAL.unpack_from(data)
    length = LOCAL_BYTES + names + extras
    if len(data) < length:
        return None
    raw_name = data[LOCAL_BYTES : LOCAL_BYTES + names]
    wide, unicode_name = _extras(data[LOCAL_BYTES + names : length], raw_name, (size, packed, 0))
    return Header(raw_name, flags, method, crc, wide[1], wide[0], length, 0, unicode_name)


def local_length(data: bytes) -> int | None:
    """How long the local header is whose first `LOCAL_BYTES` are given, or None when it is none."""
    if data[:4] != LOCAL or len(data) < LOCAL_BYTES:
        return None
    *_, names, extras = _LOCAL.unpack_from(data)
    return LOCAL_BYTES + int(names) + int(extras)


def read_central(data: bytes, at: int = 0) -> Header | None:
    """The central record at `at`, or None when the signature is not there or the record is cut off."""
    if data[at : at + 4] != CENTRAL or len(data) - at < CENTRAL_BYTES:
        return None
    fields = _CENTRAL.unpack_from(data, at)
    flags, method, crc, packed, size, names, extras, comment = (*fields[3:5], *fields[7:13])
    length = CENTRAL_BYTES + names + extras + comment
    if len(data) - at < length:
        return None
    middle = at + CENTRAL_BYTES + names
    raw_name = data[at + CENTRAL_BYTES : middle]
    wide, unicode_name = _extras(data[middle : middle + extras], raw_name, (size, packed, fields[16]))
    mode = fields[15] >> 16
    return Header(raw_name, flags, method, crc, wide[1], wide[0], length, wide[2], unicode_name, mode)


def _extras(
    extra: bytes, raw_name: bytes, stated: tuple[int, int, int]
) -> tuple[tuple[int, int, int], str | None]:
    """Size, compressed size and offset with 64-bit values put where the 32-bit field is all ones; and the Unicode name."""
    unicode_name = None
    wide = stated
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + length]
        if kind == _ZIP64_EXTRA:
            wide = _widen(body, stated)
        elif kind == _UNICODE_PATH_EXTRA and body[:5] == b"\1" + zlib.crc32(raw_name).to_bytes(4, "little"):
            unicode_name = body[5:].decode("utf-8", "backslashreplace")
        at += 4 + length
    return wide, unicode_name


def _widen(body: bytes, stated: tuple[int, int, int]) -> tuple[int, int, int]:
    values = list(stated)
    at = 0
    for place, value in enumerate(stated):
        if value == UNSET32 and at + 8 <= len(body):
            values[place] = int.from_bytes(body[at : at + 8], "little")
            at += 8
    return values[0], values[1], values[2]
