"""Holds the machine against CPython's own unpicklers: on real, generated and mutated streams.

    python -m tests.fuzz.differential --streams 100000

prints each stream on which they disagree and exits 1 if there is any. `tests/scanner/parsing/pickle/test_equivalence.py` runs
the same on fewer streams.
"""

import argparse
import array
import collections
import datetime
import decimal
import fractions
import io
import json
import pathlib
import pickle
import pickletools
import random
import re
import shutil
import struct
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from modelwarden.domain.format import ByteSource
from modelwarden.domain.observation import Import
from modelwarden.parsing.pickle.machine import Machine
from modelwarden.source.memory import MemorySource
from modelwarden.source.splice import SpliceSource

ORACLE = Path(__file__).with_name("oracle.py")


MINORS = (11, 12, 13, 14)


@cache
def interpreters() -> tuple[str, ...]:
    """One Python of each version from 3.11 on that is installed here, this one first: on PATH, or beside pyenv's."""
    found = {sys.version_info[:2]: sys.executable}
    for minor in MINORS:
        named = shutil.which(f"python3.{minor}")
        kept = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"))
        for candidate in [*([named] if named else []), *map(str, kept)]:
            ran = subprocess.run([candidate, "-c", ""], capture_output=True)
            if ran.returncode == 0:
                found.setdefault((3, minor), candidate)
    return tuple(found.values())


def oracle(streams: list[bytes], python: str = sys.executable) -> list[dict[str, Any]]:
    """What CPython did with each stream, in a process of its own."""
    payload = b"".join(struct.pack("<I", len(stream)) + stream for stream in streams)
    ran = subprocess.run(
        [python, "-I", str(ORACLE)], input=payload, stdout=subprocess.PIPE, timeout=600, check=True
    )
    lines = ran.stdout.decode("utf-8", "surrogatepass").splitlines()
    assert len(lines) == len(streams), "the oracle died"
    return [json.loads(line) for line in lines]


class Disagreement(AssertionError):
    """A loader looked up something that the machine did not, or the other way round."""


@dataclass
class View:
    """What the machine makes of a stream: its look-ups, and whether it ended in STOP."""

    seen: list[list[str]]
    stopped: bool


def ours(stream: bytes) -> list[View]:
    """The views of a stream: in a straight line, and without the bytes that CPython's C unpickler drops at frame ends.

    Until gh-154848 it dropped what was left of a frame when a token crossed its end. One cut uncovers the next.
    """
    views = []
    source: ByteSource = MemorySource(stream)
    cuts: tuple[int, ...] = ()
    for _ in range(20):
        machine = Machine(source, fix_imports=False, arrays=False, cuts=cuts)
        facts = list(machine.observations())
        assert machine.ending is not None
        seen = [[fact.target.module, fact.target.name] for fact in facts if isinstance(fact, Import)]
        views.append(View(seen, machine.ending.how == "stop"))
        if machine.dropped is None:
            break
        source = SpliceSource(source, machine.dropped)
        cuts = (*cuts, machine.dropped.offset)
    return views


def agrees(view: View, names: list[list[str]], finished: bool) -> bool:
    """Equal where the loader finished; where it raised, ours has everything it looked up before, in order.

    There we may see more, for we go on where an object's own behaviour (a hash, a conversion) ended the loading.
    """
    if finished:
        return view.stopped and view.seen == names
    return view.seen[: len(names)] == names


def compare(streams: list[bytes], python: str = sys.executable) -> int:
    """Assert agreement on every stream; returns how many look-ups were compared."""
    compared = 0
    for stream, real in zip(streams, oracle(streams, python), strict=True):
        views = ours(stream)
        for loader in ("c", "py"):
            names, finished = real[loader], real[f"{loader}_ok"]
            compared += len(names)
            if not any(agrees(view, names, finished) for view in views):
                raise Disagreement(python, loader, stream, names, views)
    return compared


class Slotted:
    __slots__ = ("a", "b")
    a: int
    b: list[int]


class Keywords:
    def __new__(cls, *, key: int = 0) -> "Keywords":
        return object.__new__(cls)

    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, int]]:
        return (), {"key": 1}


class ListChild(list[int]):
    pass


def real_objects() -> list[Any]:
    slotted = Slotted()
    slotted.a, slotted.b = 1, [2]
    recursive: list[Any] = []
    recursive.append(recursive)
    return [
        None, True, 1, -(2**70), 1.5, "text", "näme\n\\u", b"bytes" * 100, bytearray(b"x" * 300),
        [1, [2, (3, 4, 5, 6)], {"a": {1, 2}}], frozenset({1, "b"}), recursive,
        collections.OrderedDict(a=1), collections.Counter("hello"), collections.defaultdict(list, {1: [2]}),
        collections.deque([1]),
        datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC), decimal.Decimal("1.5"), fractions.Fraction(1, 3),
        uuid.UUID(int=5), pathlib.PurePosixPath("/a/b"), re.compile("a+"), array.array("d", [1.0, 2.0]), SimpleNamespace(a=1),
        slotted, Keywords(), ListChild([1, 2]), complex(1, 2), range(5), slice(1, 2), len, dict.fromkeys, Exception("x"),
        {f"key{i}": [i, str(i), i * 0.5] for i in range(400)}, [SimpleNamespace(index=i) for i in range(300)],
    ]  # fmt: skip


def real_streams() -> list[bytes]:
    found = []
    for protocol in range(6):
        for thing in real_objects():
            try:
                found.append(pickle.dumps(thing, protocol))
            except (TypeError, pickle.PicklingError, AttributeError):
                continue
    return found


def optimised(streams: list[bytes]) -> list[bytes]:
    return [pickletools.optimize(stream) for stream in streams]


def generated_stream(random_: random.Random) -> bytes:
    """A stream that uses every opcode, more often than not sensibly."""
    out = io.BytesIO()
    if random_.random() < 0.7:
        out.write(b"\x80" + bytes((random_.randrange(6),)))
    depth = 0
    marks: list[int] = []
    memo = 0
    names = [b"os", b"a.b", b"m", b"collections", b"__builtin__"]

    def text() -> bytes:
        word = random_.choice([*names, b"n.e.s.t", b"", "ü".encode()])
        return random_.choice(
            [
                b"\x8c" + bytes((len(word),)) + word,
                b"X" + struct.pack("<I", len(word)) + word,
                b"U" + bytes((len(word),)) + word if word.isascii() else b"Vx\n",
                b"V" + word.decode().encode("raw-unicode-escape") + b"\n",
                b"S'" + word + b"'\n" if word.isascii() else b"S'y'\n",
                b"\x8d" + struct.pack("<Q", len(word)) + word,
                b"T" + struct.pack("<i", len(word)) + word if word.isascii() else b"T\0\0\0\0",
            ]
        )

    for _ in range(random_.randrange(3, 60)):
        room = depth - (marks[-1] if marks else 0)
        pick = random_.randrange(34)
        if pick < 6:
            out.write(text())
            depth += 1
        elif pick < 9:
            out.write(
                random_.choice(
                    [
                        b"N",
                        b"K\x05",
                        b"J\1\0\0\0",
                        b"M\1\2",
                        b"I12\n",
                        b"I01\n",
                        b"L5L\n",
                        b"F1.5\n",
                        b"G" + b"\0" * 8,
                    ]
                )
            )
            depth += 1
        elif pick < 11:
            out.write(
                random_.choice(
                    [b")", b"]", b"}", b"\x8f", b"\x88", b"\x8a\x01\x05", b"C\x02ab", b"B\1\0\0\0x"]
                )
            )
            depth += 1
        elif pick < 14:
            out.write(b"c" + random_.choice(names) + b"\n" + random_.choice(names) + b"\n")
            depth += 1
        elif pick == 14:
            out.write(b"(")
            marks.append(depth)
        elif pick == 15 and marks:
            out.write(random_.choice([b"t", b"l", b"1"]))
            depth = marks.pop() + 1
        elif pick == 16 and marks:
            out.write(b"i" + random_.choice(names) + b"\nx\n")
            depth = marks.pop() + 1
        elif pick == 17 and marks and room:
            out.write(b"o")
            depth = marks.pop() + 1
        elif pick == 18 and room >= 2:
            out.write(b"\x93")
            depth -= 1
        elif pick == 19 and room >= 2:
            out.write(random_.choice([b"R", b"\x81", b"b", b"\x86", b"a"]))
            depth -= 1
        elif pick == 20 and room >= 1:
            out.write(random_.choice([b"\x85R", b")R", b")\x81", b"}b", b")}\x92"]))
        elif pick == 21 and room >= 1:
            out.write(b"2")
            depth += 1
        elif pick == 22 and room >= 2:
            out.write(b"0")
            depth -= 1
        elif pick < 25 and room >= 1:
            out.write(
                random_.choice(
                    [b"\x94", b"q" + bytes((memo,)), b"p%d\n" % memo, b"r" + struct.pack("<I", memo * 3)]
                )
            )
            memo = (memo + 1) % 200
        elif pick < 28:
            index = random_.randrange(memo + 1)
            out.write(
                random_.choice([b"h" + bytes((index,)), b"g%d\n" % index, b"j" + struct.pack("<I", index)])
            )
            depth += 1
        elif pick == 28 and room >= 3:
            out.write(random_.choice([b"s", b"\x92", b"\x87"]))
            depth -= 2
        elif pick == 29:
            out.write(b"\x80" + bytes((random_.randrange(6),)))
        elif pick == 30:
            out.write(random_.choice([b"Pid\n", b"NQ"]))
            depth += 1
        elif pick == 31 and room >= 1:
            out.write(random_.choice([b"(e", b"(u", b"(\x90", b"(K\1K\2u", b"(K\1e"]))
    if depth == 0:
        out.write(b"N")
    out.write(b".")
    return out.getvalue()


def mutated(stream: bytes, random_: random.Random) -> bytes:
    data = bytearray(stream)
    for _ in range(random_.choice([1, 1, 2, 5])):
        at = random_.randrange(len(data)) if data else 0
        match random_.randrange(5):
            case 0 if data:
                data[at] = random_.randrange(256)
            case 1:
                data[at:at] = bytes((random_.choice(b"(.012NKRobcitu}]s\x93\x94\x81\x85h\x8c"),))
            case 2 if data:
                del data[at]
            case 3:
                del data[at:]
            case 4 if data:
                data[at:at] = data[at : at + random_.randrange(1, 12)]
    return bytes(data)


def batches(seed: int, count: int) -> Iterator[bytes]:
    random_ = random.Random(seed)
    small = [stream for stream in real_streams() if len(stream) < 2000]
    for index in range(count):
        match index % 3:
            case 0:
                yield generated_stream(random_)
            case 1:
                yield mutated(generated_stream(random_), random_)
            case _:
                yield mutated(random_.choice(small), random_)


BATCH = 2000


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the pickle machine with CPython's unpicklers.")
    parser.add_argument("--streams", type=int, default=100_000, help="how many streams, for each Python")
    parser.add_argument("--seed", type=int, default=0, help="where the random streams begin")
    chosen = parser.parse_args()
    disagreements = 0
    for python in interpreters():
        compared = 0
        for batch in range((chosen.streams + BATCH - 1) // BATCH):
            try:
                compared += compare(list(batches(chosen.seed + batch, BATCH)), python)
            except Disagreement as disagreement:
                disagreements += 1
                print(f"seed {chosen.seed + batch}: {disagreement}")
        print(f"{python}: {chosen.streams:,} streams, {compared:,} look-ups compared")
    print(f"{disagreements} disagreements")
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
