"""Pickle: a program for a stack machine that imports and calls whatever it names while it is loaded.

Grammar: CPython, `Lib/pickletools.py`. Any opcode may come first, so there is no signature to trust: the bytes are tried.

Checked: Every opcode of protocols 0 to 5 is followed without being run, through memo, frames, nested and encoded pickles and
bytecode; several pickles in a row, and whatever follows them, are read as well, in each way that the known loaders would read
them.

Not checked: What a class of an unknown package does when it is given its state, and names that are computed by code we do not
model; both are reported.
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
    if scope.describe:
        from modelwarden.parsing.headers.pickle import properties  # few ask

        yield from properties(source)
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
