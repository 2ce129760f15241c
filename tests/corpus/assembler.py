"""Pickles written opcode by opcode, so that a sample says exactly what it means to say.

Each function gives the bytes that leave one value on the loader's stack; a program is their concatenation.
Opcodes: https://github.com/python/cpython/blob/main/Lib/pickletools.py
"""

import struct

MARK = b"("
STOP = b"."
POP = b"0"
NONE = b"N"
TRUE = b"\x88"
EMPTY_DICT = b"}"
EMPTY_LIST = b"]"
EMPTY_TUPLE = b")"
REDUCE = b"R"
BUILD = b"b"
OBJ = b"o"
NEWOBJ = b"\x81"
SETITEM = b"s"
APPEND = b"a"
STACK_GLOBAL = b"\x93"
MEMOIZE = b"\x94"
BINPERSID = b"Q"


def program(*parts: bytes, protocol: int = 4) -> bytes:
    """A whole stream: PROTO (from protocol 2 on), the parts, STOP."""
    start = b"\x80" + bytes([protocol]) if protocol >= 2 else b""
    return start + b"".join(parts) + STOP


def text(value: str) -> bytes:
    """SHORT_BINUNICODE; `value` is at most 255 bytes of UTF-8."""
    data = value.encode()
    return b"\x8c" + bytes([len(data)]) + data


def line(value: str) -> bytes:
    """UNICODE, the way of protocol 0."""
    return b"V" + value.encode("raw-unicode-escape") + b"\n"


def blob(value: bytes) -> bytes:
    """BINBYTES."""
    return b"B" + struct.pack("<I", len(value)) + value


def number(value: int) -> bytes:
    """BININT."""
    return b"J" + struct.pack("<i", value)


def put(slot: int) -> bytes:
    """BINPUT: remember the top of the stack."""
    return b"q" + bytes([slot])


def get(slot: int) -> bytes:
    """BINGET: push what was remembered."""
    return b"h" + bytes([slot])


def named(module: str, name: str) -> bytes:
    """STACK_GLOBAL with both operands written beside it (protocol 4)."""
    return text(module) + text(name) + STACK_GLOBAL


def named_in_text(module: str, name: str) -> bytes:
    """GLOBAL: module and name as two lines (any protocol)."""
    return f"c{module}\n{name}\n".encode()


def pack(*values: bytes) -> bytes:
    """A tuple of the values."""
    return MARK + b"".join(values) + b"t"


def items(*values: bytes) -> bytes:
    """A list of the values (MARK, LIST: any protocol)."""
    return MARK + b"".join(values) + b"l"


def call(callee: bytes, *arguments: bytes) -> bytes:
    """Call `callee` by REDUCE."""
    return callee + pack(*arguments) + REDUCE


def instantiate_by_inst(module: str, name: str, *arguments: bytes) -> bytes:
    """Import and call by INST (protocol 0)."""
    return MARK + b"".join(arguments) + f"i{module}\n{name}\n".encode()


def instantiate_by_obj(callee: bytes, *arguments: bytes) -> bytes:
    """Call by OBJ (protocol 1)."""
    return MARK + callee + b"".join(arguments) + OBJ


def new(cls: bytes, *arguments: bytes) -> bytes:
    """Make an instance by NEWOBJ: only `cls.__new__` runs."""
    return cls + pack(*arguments) + NEWOBJ


def extension(code: int) -> bytes:
    """EXT1: look `code` up in the loader's copyreg registry."""
    return b"\x82" + bytes([code])


def persistent(identifier: bytes) -> bytes:
    """BINPERSID: hand `identifier` to the loader's `persistent_load`."""
    return identifier + BINPERSID


def binunicode(value: str) -> bytes:
    """BINUNICODE, any length."""
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def binunicode8(value: str) -> bytes:
    """BINUNICODE8, any length."""
    data = value.encode()
    return b"\x8d" + struct.pack("<Q", len(data)) + data
