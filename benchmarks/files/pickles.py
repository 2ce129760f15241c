"""Pickles: dense ones, floats, bytes, instances, many small ones, and checkpoints as torch writes them."""

import collections
import io
import pickle
import random
import struct
import sys
import types
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MALICIOUS = b"cposix\nsystem\n(S'echo modelwarden-bench!'\ntR."
"""45 bytes, as performance reports like to scan."""
_ENTRIES = 690_000
_BLOCK = 1 << 20


def malicious(path: Path) -> None:
    """The smallest attack: what it costs to start."""
    path.write_bytes(MALICIOUS)


def dense(path: Path) -> None:
    """23 MB, 7.6 million opcodes, nothing that could be called."""
    with path.open("wb") as out:
        _dense(out, _ENTRIES)


def dense_active(path: Path) -> None:
    """The same between two instances, so that every opcode counts."""
    with path.open("wb") as out:
        out.write(b"\x80\x04](ccollections\nOrderedDict\n)R")
        _dense(out, _ENTRIES, head=b"", tail=b"")
        out.write(b"ccollections\nOrderedDict\n)Re.")


def dense_large(path: Path) -> None:
    """1 GB of the same."""
    with path.open("wb") as out:
        _dense(out, 32_000_000)


def _dense(out: io.BufferedIOBase | Any, entries: int, head: bytes = b"\x80\x04", tail: bytes = b".") -> None:
    """A dictionary of lists of small numbers, as `pickle.dumps(…, 4)` writes it, opcode for opcode."""
    out.write(head + b"}\x94")
    step = 1_000
    for start in range(0, entries, step):
        out.write(
            b"("
            + b"".join(
                b"\x8c\x06%06x\x94]\x94(K%cK%cK%cJ%bG%be"
                % (i & 0xFFFFFF, i & 0xFF, i >> 8 & 0xFF, i >> 16 & 0xFF, struct.pack("<i", i), struct.pack(">d", i / 7))
                for i in range(start, min(start + step, entries))
            )
            + b"u"
        )  # fmt: skip
    out.write(tail)


def floats(path: Path) -> None:
    """3 million floats: 27 MB."""
    randoms = random.Random(1)
    path.write_bytes(pickle.dumps([randoms.random() for _ in range(3_000_000)], 4))


def blobs(path: Path) -> None:
    """500 objects of bytes of 1 MiB: 524 MB."""
    block = random.Random(2).randbytes(_BLOCK)
    with path.open("wb") as out:
        out.write(b"\x80\x04]\x94(")
        for _ in range(500):
            out.write(b"B" + struct.pack("<I", len(block)) + block + b"\x94")
        out.write(b"e.")


def blobs_sparse(path: Path) -> None:
    """Five objects of bytes of 1 GB, without using the disk."""
    with path.open("wb") as out:
        out.write(b"\x80\x04]\x94(")
        for _ in range(5):
            out.write(b"\x8e" + struct.pack("<Q", 10**9))
            out.seek(10**9, io.SEEK_CUR)
            out.write(b"\x94")
        out.write(b"e.")


def instances(path: Path) -> None:
    """150,000 small objects."""
    path.write_bytes(pickle.dumps([types.SimpleNamespace(a=i, b=str(i)) for i in range(150_000)], 4))


def texts(path: Path) -> None:
    """Protocol 0, in which everything is a line of text: 20 MB of records with classes."""
    records = [
        collections.OrderedDict(
            id=i, name=f"näme {i}", value=i / 3, tags={str(i % 7), "x"}, big=1 << (i % 90)
        )
        for i in range(60_000)
    ]
    path.write_bytes(pickle.dumps(records, 0))


def small(directory: Path) -> None:
    """10,000 pickles of a few hundred bytes, each second one with a class."""
    directory.mkdir()
    for number in range(10_000):
        record: dict[str, object] = {"id": number, "name": f"experiment-{number}", "scores": [number / 9] * 5}
        if number % 2:
            record["parameters"] = collections.OrderedDict(alpha=0.1, depth=number % 12)
        (directory / f"{number:05}.pkl").write_bytes(pickle.dumps(record, number % 4 + 2))


def findings(directory: Path) -> None:
    """50 files of 100 different unknown calls: 5,000 findings."""
    directory.mkdir()
    for file in range(50):
        calls = b"".join(b"cpackage%d\nfunction%d\n)R0" % (file, number) for number in range(100))
        (directory / f"{file:02}.pkl").write_bytes(calls + b"N.")


def checkpoint(path: Path) -> None:
    """A state dictionary of 2 GB in a ZIP archive, as `torch.save` writes it; torch is not needed."""
    layers, size = 64, 32 << 20
    block = random.Random(3).randbytes(_BLOCK)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", _state(layers, size))
        archive.writestr("archive/byteorder", "little")
        for layer in range(layers):
            with archive.open(zipfile.ZipInfo(f"archive/data/{layer}"), "w") as member:
                for _ in range(size // _BLOCK):
                    member.write(block)
        archive.writestr("archive/version", "3\n")


def _state(layers: int, size: int) -> bytes:
    """Pickled by Python itself, with stand-ins for what torch names."""
    torch, rebuild = types.ModuleType("torch"), types.ModuleType("torch._utils")
    storage = type("FloatStorage", (), {"__module__": "torch"})

    def _rebuild_tensor_v2(*_: object) -> None: ...  # fmt: skip

    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    torch.FloatStorage, rebuild._rebuild_tensor_v2 = storage, _rebuild_tensor_v2  # type: ignore[attr-defined]
    out = io.BytesIO()

    class Storage(int):
        """A number of a storage."""

    class Tensor:
        def __init__(self, number: int) -> None:
            self.number = number

        def __reduce__(self) -> tuple[Callable[..., None], tuple[object, ...]]:
            columns = size // 4 // 4096
            return _rebuild_tensor_v2, (
                Storage(self.number), 0, (4096, columns), (columns, 1), False, collections.OrderedDict(),
            )  # fmt: skip

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: object) -> object:
            return ("storage", storage, str(int(obj)), "cpu", size // 4) if isinstance(obj, Storage) else None

    sys.modules |= {"torch": torch, "torch._utils": rebuild}
    try:
        Pickler(out, 2).dump(
            collections.OrderedDict((f"layers.{i}.weight", Tensor(i)) for i in range(layers))
        )
    finally:
        del sys.modules["torch"], sys.modules["torch._utils"]
    return out.getvalue()


def hostile(directory: Path) -> None:
    """Kinds of pickle, archive and text that are made to cost more than they weigh, each once and four times as large."""
    for times in (1, 4):
        (directory / str(times)).mkdir(parents=True)
        for name, data in _hostile(times * 50_000):
            (directory / str(times) / name).write_bytes(data)


HOSTILE = (
    "marks.pkl", "tuples.pkl", "copies.pkl", "memo.pkl", "calls.pkl", "names.pkl", "streams.pkl", "states.pkl", "ends.zip",
    "members.zip", "brackets.json", "tags.xml", "anchors.yaml", "links.tar",
)  # fmt: skip


def _hostile(count: int) -> Iterator[tuple[str, bytes]]:
    numbers = range(count)
    yield "marks.pkl", b"\x80\x04cos\nsystem\n" + b"(" * 8 * count + b"1" * 8 * count + b"."
    yield "tuples.pkl", b"\x80\x04cos\nsystem\nN" + b"\x85" * 8 * count + b"R."
    yield "copies.pkl", b"\x80\x04cos\nsystem\n" + b"2" * 8 * count + b"."
    yield "memo.pkl", b"\x80\x04cos\nsystem\n" + b"".join(b"r" + struct.pack("<I", i) for i in numbers) + b"."
    yield "calls.pkl", b"\x80\x04" + b"cbuiltins\nprint\n(Vx\ntR0" * count + b"N."
    yield "names.pkl", b"".join(b"cm%d\nf\n0" % i for i in numbers) + b"N."
    yield "streams.pkl", b"cos\nsystem\n." * count
    yield "states.pkl", b"cm\nC\n)\x81" + b"}Vk\nVv\nsb" * count + b"."
    yield "ends.zip", b"PK\x03\x04" + b"PK\x05\x06" * count + b"PK\x05\x06" + bytes(18)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count // 10):
            archive.writestr(f"{number}.bin", b"")
    yield "members.zip", out.getvalue()
    yield "brackets.json", b'{"class_name": "Model", "config":' + b"[" * count + b"]" * count + b"}"
    yield "tags.xml", b'<?xml version="1.0"?>' + b"<a>" * count + b"</a>" * count
    yield "anchors.yaml", b"a: &a [1]\n" + b"".join(b"k%d: [*a, *a]\n" % i for i in numbers)
    entry = bytearray(512)
    entry[:1], entry[100:108], entry[124:136], entry[156:157], entry[157:160] = (
        b"n",
        b"0000644\0",
        b"00000000000\0",
        b"2",
        b"../",
    )
    entry[257:265] = b"ustar\x0000"
    entry[148:156] = b" " * 8
    entry[148:156] = b"%06o\0 " % sum(entry)
    yield "links.tar", bytes(entry) * (count // 10) + bytes(1024)
