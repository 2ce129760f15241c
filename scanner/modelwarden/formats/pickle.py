"""Pickle: a program for a stack machine that imports and calls whatever it names while it is loaded.

Grammar: CPython, `Lib/pickletools.py`. Any opcode may come first, so there is no signature to trust: the bytes are tried.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.parsing.pickle import opcodes
from modelwarden.parsing.pickle.streams import looks_like_a_pickle, streams
from modelwarden.source.slice import SliceSource


def _recognise(head: Head) -> bool:
    claimed = head.suffix in SUFFIXES
    if claimed and head.start[:1] == b"\x80" and head.start[1:2] <= bytes((opcodes.HIGHEST_PROTOCOL,)):
        return head.size > 1
    return looks_like_a_pickle(head.source, claimed=claimed)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    end = yield from streams(source, scope)
    if end < source.size:
        yield Child(f"+{end}", SliceSource(source, end, source.size - end))


SUFFIXES = (".pkl", ".pickle", ".dill", ".pck", ".pcl", ".cloudpickle", ".joblib")

FORMAT = Format(
    name="pickle",
    title="Python pickle",
    suffixes=SUFFIXES,
    ambiguous_suffixes=(".dat", ".data", ".sav", ".model", ".p"),
    recognise=_recognise,
    observe=_observe,
    runs_code=True,
)
