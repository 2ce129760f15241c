"""A process that loads streams with CPython's own unpicklers, all globals replaced by inert stubs, and tells what was looked up.

Reads from standard input: length (4 bytes, little-endian) and the stream, repeated. Writes one JSON line a stream:
{"c": [[module, name], …], "c_ok": bool, "py": …, "py_ok": bool}. Run under limits by the test; never imported by it.
"""

import codecs
import io
import json
import pickle
import resource
import signal
import sys
import warnings
from typing import Any

MEMORY = 1 << 30
SECONDS = 2


class Stub:
    """Anything a stream may import: can be called, made, patched and filled, and does nothing."""

    def __new__(cls, *_args: object, **_keywords: object) -> "Stub":
        return object.__new__(cls)

    def __init__(self, *_args: object, **_keywords: object) -> None:
        pass

    def __call__(self, *_args: object, **_keywords: object) -> "Stub":
        return Stub()

    def __setstate__(self, _state: object) -> None:
        pass

    def __setitem__(self, _key: object, _value: object) -> None:
        pass

    def append(self, _item: object) -> None:
        pass

    def extend(self, _items: object) -> None:
        pass

    def add(self, _item: object) -> None:
        pass


def watched(base: type) -> type:
    class Watched(base):  # type: ignore[misc]
        def __init__(self, stream: io.BytesIO) -> None:
            super().__init__(stream)
            self.seen: list[list[str]] = []

        def find_class(self, module: str, name: str) -> object:
            self.seen.append([module, name])
            if (module, name) == (
                "_codecs",
                "encode",
            ):  # the machine knows that this makes bytes; it is harmless
                return codecs.encode
            return type("Fresh", (Stub,), {})

        def persistent_load(self, _identifier: object) -> Stub:
            return Stub()

    return Watched


class Deadline(Exception):
    pass


def late(_signal: int, _frame: object) -> None:
    raise Deadline


def outcome(base: type, stream: bytes) -> tuple[list[list[str]], bool]:
    unpickler: Any = watched(base)(io.BytesIO(stream))
    try:
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            unpickler.load()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except (Exception, Deadline):  # whatever a broken stream makes CPython raise
        return unpickler.seen, False
    return unpickler.seen, True


def main() -> None:
    if sys.platform == "linux":  # macOS does not hold programs to it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, late)
    warnings.simplefilter("ignore")
    while size := sys.stdin.buffer.read(4):
        stream = sys.stdin.buffer.read(int.from_bytes(size, "little"))
        c, c_ok = outcome(pickle.Unpickler, stream)
        py, py_ok = outcome(pickle._Unpickler, stream)
        json.dump({"c": c, "c_ok": c_ok, "py": py, "py_ok": py_ok}, sys.stdout)
        sys.stdout.write("\n")


main()
