"""The smallest programs with a right header. They end at once with exit code 0, or would not start at all; they do nothing."""

import struct

_EXIT_X86_64 = bytes.fromhex("31ff6a3c580f05")
"""xor edi, edi; push 60; pop rax; syscall: exit(0)."""


def elf(machine: int = 62, kind: int = 2) -> bytes:
    """An ELF of 64 bits for Linux, little-endian: one segment, in which it ends itself."""
    start = 0x400000
    ident = b"\x7fELF" + bytes((2, 1, 1, 0)) + bytes(8)
    header = ident + struct.pack(
        "<HHIQQQIHHHHHH", kind, machine, 1, start + 120, 64, 0, 0, 64, 56, 1, 64, 0, 0
    )
    size = 120 + len(_EXIT_X86_64)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, start, start, size, size, 0x1000)
    return header + segment + _EXIT_X86_64


def elf32_big_endian() -> bytes:
    """An ELF of 32 bits for big-endian POWER."""
    ident = b"\x7fELF" + bytes((1, 2, 1, 0)) + bytes(8)
    header = ident + struct.pack(">HHIIIIIHHHHHH", 2, 20, 1, 0x10000054, 52, 0, 0, 52, 32, 1, 40, 0, 0)
    return header + struct.pack(">IIIIIIII", 1, 0, 0x10000000, 0x10000000, 88, 88, 5, 0x1000) + bytes(4)


def pe(offset: int = 64) -> bytes:
    """A PE of 64 bits for Windows without sections, its header at `offset`."""
    stub = (b"MZ" + bytes(58) + struct.pack("<I", offset)).ljust(offset, b"\0")
    coff = struct.pack("<HHIIIHH", 0x8664, 0, 0, 0, 0, 240, 0x22)
    return stub + b"PE\0\0" + coff + struct.pack("<H", 0x20B) + bytes(238)


def macho(processor: int = 0x0100000C) -> bytes:
    """A Mach-O of 64 bits for macOS with one empty segment."""
    segment = struct.pack("<II16sQQQQiiII", 0x19, 72, b"__PAGEZERO", 0, 0x100000000, 0, 0, 0, 0, 0, 0)
    return struct.pack("<4sIIIIIII", b"\xcf\xfa\xed\xfe", processor, 0, 2, 1, len(segment), 1, 0) + segment


def fat_macho() -> bytes:
    """A Mach-O for two processors."""
    parts = [macho(0x01000007), macho(0x0100000C)]
    offset, table, content = 64, b"", b""
    for processor, part in zip((0x01000007, 0x0100000C), parts, strict=True):
        table += struct.pack(">IIIII", processor, 3, offset + len(content), len(part), 0)
        content += part
    return (struct.pack(">II", 0xCAFEBABE, len(parts)) + table).ljust(offset, b"\0") + content
