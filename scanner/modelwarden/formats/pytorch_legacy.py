"""PyTorch before 1.6: five pickles in a row (magic number, protocol, system, object, storage keys), then raw numbers.

Upstream: `torch/serialization.py`, `_legacy_save`. The loader unpickles all five.

Checked: All five pickles, and one more if it follows.

Not checked: The numbers behind them; whether their sizes agree with the pickles.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.parsing.pickle.streams import looks_like_a_pickle, streams
from modelwarden.source.slice import SliceSource

_MAGIC = 0x1950A86A20F9469CFC6C.to_bytes(10, "little")
_PICKLES = 5


def _recognise(head: Head) -> bool:
    return head.start[:1] == b"\x80" and _MAGIC in head.start[2:32]


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe:
        from modelwarden.parsing.headers.pickle import properties  # few ask

        yield from properties(source)
    end = yield from streams(source, scope, exactly=_PICKLES)
    rest = SliceSource(source, end, source.size - end)
    if looks_like_a_pickle(rest):  # numbers do not; a program that goes on unpickling reads it
        yield Child(f"+{end}", rest, "pickle")


FORMAT = Format(
    name="pytorch-legacy",
    title="PyTorch checkpoint (legacy, stacked pickles)",
    suffixes=(".pt",),
    ambiguous_suffixes=(".pth", ".bin", ".ckpt", ".tar", ".model"),
    recognise=_recognise,
    observe=_observe,
    runs_code=True,
    refines=("pickle",),
)
