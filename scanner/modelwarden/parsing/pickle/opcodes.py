"""The opcodes of pickle protocols 0 to 5, and how long each token is (CPython, `Lib/pickle.py`)."""

from typing import Final

HIGHEST_PROTOCOL: Final = 5

MARK: Final = 0x28
STOP: Final = 0x2E
POP: Final = 0x30
POP_MARK: Final = 0x31
DUP: Final = 0x32
FLOAT: Final = 0x46
INT: Final = 0x49
BININT: Final = 0x4A
BININT1: Final = 0x4B
LONG: Final = 0x4C
BININT2: Final = 0x4D
NONE: Final = 0x4E
PERSID: Final = 0x50
BINPERSID: Final = 0x51
REDUCE: Final = 0x52
STRING: Final = 0x53
BINSTRING: Final = 0x54
SHORT_BINSTRING: Final = 0x55
UNICODE: Final = 0x56
BINUNICODE: Final = 0x58
APPEND: Final = 0x61
BUILD: Final = 0x62
GLOBAL: Final = 0x63
DICT: Final = 0x64
EMPTY_DICT: Final = 0x7D
APPENDS: Final = 0x65
GET: Final = 0x67
BINGET: Final = 0x68
INST: Final = 0x69
LONG_BINGET: Final = 0x6A
LIST: Final = 0x6C
EMPTY_LIST: Final = 0x5D
OBJ: Final = 0x6F
PUT: Final = 0x70
BINPUT: Final = 0x71
LONG_BINPUT: Final = 0x72
SETITEM: Final = 0x73
TUPLE: Final = 0x74
EMPTY_TUPLE: Final = 0x29
SETITEMS: Final = 0x75
BINFLOAT: Final = 0x47
BINBYTES: Final = 0x42
SHORT_BINBYTES: Final = 0x43
PROTO: Final = 0x80
NEWOBJ: Final = 0x81
EXT1: Final = 0x82
EXT2: Final = 0x83
EXT4: Final = 0x84
TUPLE1: Final = 0x85
TUPLE2: Final = 0x86
TUPLE3: Final = 0x87
NEWTRUE: Final = 0x88
NEWFALSE: Final = 0x89
LONG1: Final = 0x8A
LONG4: Final = 0x8B
SHORT_BINUNICODE: Final = 0x8C
BINUNICODE8: Final = 0x8D
BINBYTES8: Final = 0x8E
EMPTY_SET: Final = 0x8F
ADDITEMS: Final = 0x90
FROZENSET: Final = 0x91
NEWOBJ_EX: Final = 0x92
STACK_GLOBAL: Final = 0x93
MEMOIZE: Final = 0x94
FRAME: Final = 0x95
BYTEARRAY8: Final = 0x96
NEXT_BUFFER: Final = 0x97
READONLY_BUFFER: Final = 0x98

ACTIVE: Final = frozenset(
    {GLOBAL, INST, OBJ, BUILD, REDUCE, PERSID, BINPERSID, NEWOBJ, NEWOBJ_EX, EXT1, EXT2, EXT4, STACK_GLOBAL}
)
"""Without one of these nothing is imported, called or patched."""

PLAIN: Final = frozenset(
    {
        MARK, POP, POP_MARK, DUP, NONE, APPEND, DICT, EMPTY_DICT, APPENDS, LIST, EMPTY_LIST, SETITEM, TUPLE, EMPTY_TUPLE,
        SETITEMS, TUPLE1, TUPLE2, TUPLE3, NEWTRUE, NEWFALSE, EMPTY_SET, ADDITEMS, FROZENSET, MEMOIZE, NEXT_BUFFER,
        READONLY_BUFFER,
    }
)  # fmt: skip
"""Inert opcodes of one byte."""

FIXED: Final = {
    BININT: 4, BININT1: 1, BININT2: 2, BINFLOAT: 8, BINGET: 1, LONG_BINGET: 4, BINPUT: 1, LONG_BINPUT: 4, PROTO: 1, FRAME: 8,
}  # fmt: skip
"""Inert opcodes with an argument of so many bytes."""

COUNTED: Final = {
    SHORT_BINSTRING: 1, SHORT_BINBYTES: 1, SHORT_BINUNICODE: 1, LONG1: 1, BINSTRING: 4, BINUNICODE: 4, BINBYTES: 4, LONG4: 4,
    BINUNICODE8: 8, BINBYTES8: 8, BYTEARRAY8: 8,
}  # fmt: skip
"""Inert opcodes whose payload follows a little-endian length of so many bytes."""

SIGNED_LENGTH: Final = frozenset({BINSTRING, LONG4})
"""Of these, the ones whose length is signed: a negative one is an error in the loader."""

LINES: Final = frozenset({FLOAT, INT, LONG, STRING, UNICODE, GET, PUT})
"""Inert opcodes whose argument ends at a newline."""

BYTES: Final = frozenset({SHORT_BINSTRING, SHORT_BINBYTES, BINSTRING, BINBYTES, BINBYTES8, BYTEARRAY8})
"""Constants that may hold any bytes."""
