"""Tier 1: walk over a pickle from token to token, in C speed, until something in it could act.

Pickle has no jumps, so this needs no stack. If no active opcode comes before STOP, the stream can import and call nothing.
"""

import itertools
import re
import sys
from functools import cache
from typing import Literal

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.record import record
from modelwarden.parsing.pickle import opcodes as op
from modelwarden.parsing.pickle.encoded import constants

_WINDOW = 64 << 10
_FIRST_WINDOW = 2 << 10
"""Most pickles of a long row of them are small."""
_CARRIERS = 1000
"""So many constants of an inert pickle are handed on; a loader that unpickles each by itself is not to be expected."""
_SPELLED = 64
"""Lengths up to this are spelled out in the pattern, for a regular expression cannot count."""

_REPEAT = b"++" if sys.version_info >= (3, 11, 5) else b"+"
"""Before 3.11.5 a possessive repeat of a group stays inside the repetition that failed (python/cpython#106052)."""


@record
class Walk:
    """Where a walk ended: after STOP, at an active opcode, or at bytes that are no token. `offset` is absolute.

    `carriers`: the bytes constants that start like a pickle or an archive. `encoded`: what stands in base64 and starts like one,
    with its offset.
    """

    end: Literal["stop", "active", "broken"]
    offset: int
    reason: str = ""
    carriers: tuple[Span, ...] = ()
    encoded: tuple[tuple[int, bytes], ...] = ()


_small_ones = itertools.count()
_MANY = 64
"""Compiling the pattern takes as long as walking over some hundred small pickles without it."""


@cache
def _run() -> re.Pattern[bytes]:
    """One possessive run of inert tokens; nothing follows the repeat, so it cannot backtrack."""
    short = b"|".join(re.escape(bytes((n,))) + b".{%d}" % n for n in range(_SPELLED))
    long = b"|".join(re.escape(bytes((n, 0, 0, 0))) + b".{%d}" % n for n in range(_SPELLED))
    plain = re.escape(bytes(sorted(op.PLAIN)))
    return re.compile(
        b"(?s:[" + plain + b"]++"
        b"|\x8c(?:" + short + b")\x94?+"
        b"|[Khq]."
        b"|(?!(?:G.{8}){4}G)G.{8}|M.{2}"  # not the first of many: those are counted
        b"|[Jjr].{4}"
        b"|X(?:" + long + b")"
        b"|C(?!.[\x80Pc(])(?:" + short + b")"
        b"|U(?!.\x80)(?:" + short + b")"
        b"|[gp][0-9]{1,9}\n"
        b"|I-?[0-9]{1,18}\n"
        b"|V[^\\\\\n]{0,200}+\n"
        b"|F-?[0-9.]{1,30}(?:e-?[0-9]{1,3})?\n"
        b")" + _REPEAT
    )


def walk(source: ByteSource, offset: int) -> Walk:
    """Walk from `offset`. Payloads are stepped over, not read. Never raises for any bytes.

    A token that crosses the end of its frame counts as active.
    """
    size = source.size
    run = _run().match if size - offset > _FIRST_WINDOW or next(_small_ones) > _MANY else None
    base = offset
    data = source.read(base, _FIRST_WINDOW)
    at = 0
    frame = 0
    carriers: list[Span] = []
    encoded: list[tuple[int, bytes]] = []
    seen = 0
    while True:
        if seen <= base and len(encoded) < _CARRIERS:
            encoded.extend((base + start, content) for start, content in constants(data))
            seen = base + 1
        if run is not None:
            end = min(len(data), frame - base) if frame > base + at else len(data)
            before = -1
            while at > before:
                before = at
                matched = run(data, at, end)
                at = at if matched is None else matched.end()
                if at < end and data[at] == op.BINFLOAT:
                    at = _behind_floats(data, at, end)
        if len(data) - at < 16 and base + len(data) < size:
            base += at
            data = source.read(base, _WINDOW)
            at = 0
            if not data:
                return Walk("broken", base, "the file became shorter while it was read")
            continue
        here = base + at
        if here >= size:
            return Walk("broken", size, "the pickle ends before STOP")
        code = data[at]
        if code == op.STOP:
            return Walk("stop", here + 1, carriers=tuple(carriers), encoded=tuple(encoded))
        if code in op.ACTIVE:
            return Walk("active", here)
        after = _after(source, data, at, base, code)
        if isinstance(after, str):
            return Walk("broken", here, after)
        if after > size:
            return Walk("broken", here, "the pickle is cut off inside a constant")
        framed = after + int.from_bytes(data[at + 1 : at + 9], "little") if code == op.FRAME else 0
        if here < frame < max(after, framed) and frame <= size:
            return Walk("active", here)  # loaders disagree on what follows: the machine takes all views
        frame = framed or frame
        if code in op.BYTES:
            begin = here + 1 + op.COUNTED[code]
            if len(carriers) < _CARRIERS and starts_like_a_carrier(
                source.read(begin, min(after - begin, 256))
            ):
                carriers.append(Span(begin, after - begin))
        if after - base < len(data):
            at = after - base
        else:
            base, at = after, 0
            data = source.read(base, _WINDOW)


def _behind_floats(data: bytes, at: int, end: int) -> int:
    """The offset behind the BINFLOATs in a row from `at` that end before `end`, or behind a thousand of them."""
    codes = data[at : min(end, at + 9 * 1000) : 9]
    floats = len(codes) - len(codes.lstrip(b"G"))
    return at + 9 * min(floats, (end - at) // 9)


def _after(source: ByteSource, data: bytes, at: int, base: int, code: int) -> int | str:
    """The absolute offset behind one inert token, or why there is none.

    At least 16 bytes from `at` are in `data`, or all that there are.
    """
    here = base + at
    if code in op.PLAIN:
        return here + 1
    if code in op.FIXED:
        if code == op.PROTO and data[at + 1 : at + 2] > bytes((op.HIGHEST_PROTOCOL,)):
            return f"protocol {data[at + 1]} does not exist"
        return here + 1 + op.FIXED[code]
    if code in op.COUNTED:
        width = op.COUNTED[code]
        length = int.from_bytes(data[at + 1 : at + 1 + width], "little", signed=code in op.SIGNED_LENGTH)
        return "a constant has a negative length" if length < 0 else here + 1 + width + length
    if code in op.LINES:
        newline = find_newline(source, here + 1)
        return "the pickle is cut off inside a line" if newline < 0 else newline + 1
    return f"0x{code:02x} is no opcode"


def token_end(source: ByteSource, offset: int) -> int:
    """The offset behind the token at `offset`, active or not; behind the file when there is none."""
    data = source.read(offset, 16)
    beyond = source.size + 1
    if not data:
        return beyond
    code = data[0]
    if code in (op.GLOBAL, op.INST, op.PERSID):
        end = offset
        for _ in range(1 if code == op.PERSID else 2):
            newline = find_newline(source, end + 1)
            if newline < 0:
                return beyond
            end = newline
        return end + 1
    if code in (op.EXT1, op.EXT2, op.EXT4):
        return offset + 1 + (1 << (code - op.EXT1))
    if code in op.ACTIVE or code == op.STOP:
        return offset + 1
    after = _after(source, data, 0, offset, code)
    return beyond if isinstance(after, str) else after


def starts_like_a_carrier(start: bytes) -> bool:
    """Whether bytes begin as a pickle does or as a ZIP archive does; a cheap question, asked of every bytes constant."""
    if len(start) < 4:
        return False
    if start[0] == op.PROTO:
        return start[1] <= op.HIGHEST_PROTOCOL
    return start.startswith(b"PK\x03\x04") or (start[0] in b"c(" and b"\n" in start)


def find_newline(source: ByteSource, offset: int) -> int:
    """The absolute offset of the next newline from `offset`, or -1."""
    while True:
        data = source.read(offset, _WINDOW)
        if not data:
            return -1
        found = data.find(b"\n")
        if found >= 0:
            return offset + found
        offset += len(data)
