"""Programs for a processor: ELF, PE and Mach-O, told from numbers that happen to begin alike.

A magic number of four bytes stands by chance in every few gigabytes of weights, `MZ` in every 64 KiB. So the header behind it is
verified, but only in what the loader of the operating system itself demands: a program that would start must not pass for numbers
because of a field that nobody reads. Sources: Linux `fs/binfmt_elf.c` and `include/uapi/linux/elf.h`, the PE/COFF specification
of Microsoft, `mach-o/loader.h` and `mach-o/fat.h` of Apple.

Code for graphics processors is ELF as well (cubin, HSACO) and stands in every TensorRT engine; only the processors that a host
may have count here.
"""

import re
import struct
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource

HEADER = 4096
"""As much as `program_kind` wants to see: the header of a PE may stand that far behind its start."""
OVERLAP = 2 * HEADER
"""By how much the blocks given to `find_programs` have to overlap, so that no header is cut in two."""
_BLOCK = 1 << 20

_ELF_MACHINES = frozenset((2, 3, 4, 8, 15, 18, 20, 21, 22, 40, 42, 43, 50, 62, 94, 183, 243, 258, 0x9026))
"""SPARC, x86, 68k, MIPS, PA-RISC, POWER, S/390, ARM, SuperH, Itanium, Xtensa, RISC-V, LoongArch, Alpha."""
_ELF_TYPES = frozenset((1, 2, 3))
"""Relocatable, executable, shared. Core dumps are no programs."""
_ELF_LAYOUTS = (("I", 28, 42, 32, 40), ("Q", 32, 54, 56, 64))
"""Of 32 and 64 bits: the width of offsets, where those of both tables stand, where the counts stand, how long the entries are."""

_PE_MACHINES = frozenset(
    (0x14C, 0x166, 0x1C0, 0x1C2, 0x1C4, 0x200, 0x5032, 0x5064, 0x6232, 0x6264, 0x8664, 0xA641, 0xA64E, 0xAA64)
)
_PE_OPTIONAL_MAGICS = frozenset((0x10B, 0x20B))
_PE_SECTIONS = 96
"""The loader of Windows takes no more."""
_PE_BYTES = 26
"""`PE\\0\\0`, the COFF header, and the magic of the optional header."""

_MACHO_MAGICS = {
    b"\xce\xfa\xed\xfe": ("<", 28),
    b"\xcf\xfa\xed\xfe": ("<", 32),
    b"\xfe\xed\xfa\xce": (">", 28),
    b"\xfe\xed\xfa\xcf": (">", 32),
}
_MACHO_PROCESSORS = frozenset((7, 0x01000007, 12, 0x0100000C, 0x0200000C, 18, 0x01000012))
"""x86, ARM and POWER, of 32 and 64 bits."""
_MACHO_TYPES = range(1, 13)
_MACHO_COMMANDS = 0x50
"""Load commands are numbered below it, apart from the bit LC_REQ_DYLD."""
_FAT_MAGICS = {b"\xca\xfe\xba\xbe": ">IIIII", b"\xca\xfe\xba\xbf": ">IIQQII"}
_FAT_PARTS = range(1, 31)
"""A Java class has the same magic; the version that stands there in place of the count is 45 or more."""

_ELF = re.compile(rb"\x7fELF(?=.{12}(?:[\1-\3]\0|\0[\1-\3]))", re.DOTALL)
_PE = re.compile(rb"MZ(?=.{59}[\0-\x0f]\0\0)", re.DOTALL)
_MACHO = (
    re.compile(rb"\xcf\xfa\xed\xfe(?=.{8}[\1-\x0c]\0\0\0)", re.DOTALL),
    re.compile(rb"\xce\xfa\xed\xfe(?=.{8}[\1-\x0c]\0\0\0)", re.DOTALL),
)
"""What a search stops at. A fat Mach-O holds thin ones, which are found; big-endian ones no longer run anywhere."""


def program_kind(head: bytes, size: int) -> str:
    """`ELF`, `PE` or `Mach-O` when `size` bytes that begin with `head` (`HEADER` of them) are such a program, else empty."""
    if head.startswith(b"\x7fELF"):
        return "ELF" if _is_elf(head, size) else ""
    if head.startswith(b"MZ"):
        return "PE" if _is_pe(head) else ""
    magic = head[:4]
    if magic in _MACHO_MAGICS:
        return "Mach-O" if _is_macho(head, size) else ""
    return "Mach-O" if magic in _FAT_MAGICS and _is_fat(head, size) else ""


def program_at(source: ByteSource, offset: int = 0) -> str:
    """The kind of program that begins at `offset`, or empty; looks for the header of a PE wherever it is."""
    size = source.size - offset
    head = source.read(offset, HEADER)
    kind = program_kind(head, size)
    if kind or not head.startswith(b"MZ") or len(head) < 64:
        return kind
    place = int.from_bytes(head[60:64], "little")
    return "PE" if place < size and _is_pe_header(source.read(offset + place, _PE_BYTES)) else ""


def find_programs(data: bytes) -> Iterator[tuple[int, str]]:
    """Where programs begin in one block, and their kinds; each kind in the order of its places.

    Headers that are cut are not seen. Whoever searches more than one block lets them overlap by `OVERLAP`.
    """
    endless = 1 << 62
    for pattern in (_ELF, _PE, *_MACHO):
        for match in pattern.finditer(data):
            kind = program_kind(data[match.start() : match.start() + HEADER], endless)
            if kind:
                yield match.start(), kind


def search_programs(source: ByteSource, length: int | None = None) -> Iterator[tuple[int, str]]:
    """Where programs begin in the first `length` bytes of `source`, block by block, each place once."""
    end = source.size if length is None else min(length, source.size)
    told = -1
    for start in range(0, end, _BLOCK):
        block = source.read(start, min(_BLOCK + OVERLAP, end - start))
        for place, kind in sorted(find_programs(block)):
            if start + place > told:
                told = start + place
                yield told, kind


def _is_elf(head: bytes, size: int) -> bool:
    """What Linux reads: type, machine, and the size of an entry of the program headers. The identification it does not read."""
    head = head[:64].ljust(64, b"\0")
    for order in "<>":
        kind, machine = struct.unpack_from(order + "HH", head, 16)
        if kind not in _ELF_TYPES or machine not in _ELF_MACHINES:
            continue
        for width, tables, counts, segment, section in _ELF_LAYOUTS:
            segments_at, sections_at = struct.unpack_from(f"{order}2{width}", head, tables)
            segment_size, segments, section_size = struct.unpack_from(order + "3H", head, counts)
            if kind == 1:
                found = section_size == section and 0 < sections_at < size
            else:
                found = segment_size == segment and segments > 0 and segments_at < size
            if found:
                return True
    return False


def _is_pe(head: bytes) -> bool:
    place = int.from_bytes(head[60:64], "little")
    return len(head) >= 64 and _is_pe_header(head[place : place + _PE_BYTES])


def _is_pe_header(header: bytes) -> bool:
    if len(header) < _PE_BYTES or not header.startswith(b"PE\0\0"):
        return False
    machine, sections = struct.unpack_from("<HH", header, 4)
    optional = int.from_bytes(header[24:26], "little")
    return machine in _PE_MACHINES and sections <= _PE_SECTIONS and optional in _PE_OPTIONAL_MAGICS


def _is_macho(head: bytes, size: int) -> bool:
    order, length = _MACHO_MAGICS[head[:4]]
    if len(head) < length + 8:
        return False
    processor, _, kind, count, commands = struct.unpack_from(order + "5I", head, 4)
    first, extent = struct.unpack_from(order + "2I", head, length)
    return (
        processor in _MACHO_PROCESSORS
        and kind in _MACHO_TYPES
        and 0 < 8 * count <= commands < size
        and 0 < first & 0x7FFFFFFF < _MACHO_COMMANDS
        and 8 <= extent <= commands
    )


def _is_fat(head: bytes, size: int) -> bool:
    layout = _FAT_MAGICS[head[:4]]
    count = int.from_bytes(head[4:8], "big")
    width = struct.calcsize(layout)
    if count not in _FAT_PARTS or len(head) < 8 + count * width:
        return False
    for index in range(count):
        processor, _, offset, extent, align, *_ = struct.unpack_from(layout, head, 8 + index * width)
        if processor in _MACHO_PROCESSORS and 8 + count * width <= offset < size and extent and align < 32:
            return True
    return False
