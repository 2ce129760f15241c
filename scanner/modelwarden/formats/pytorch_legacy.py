"""PyTorch before 1.6: five pickles in a row (magic number, protocol, system, object, storage keys), then raw numbers.

Upstream: `torch/serialization.py`, `_legacy_save`. The loader unpickles all five.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.parsing.pickle.streams import streams

_MAGIC = 0x1950A86A20F9469CFC6C.to_bytes(10, "little")
_PICKLES = 5


def _recognise(head: Head) -> bool:
    return head.start[:1] == b"\x80" and _MAGIC in head.start[2:32]


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    yield from streams(source, scope, exactly=_PICKLES)


FORMAT = Format(
    name="pytorch-legacy",
    title="PyTorch checkpoint (legacy, stacked pickles)",
    suffixes=(".pt", ".pth"),
    ambiguous_suffixes=(".bin", ".ckpt", ".tar", ".model"),
    recognise=_recognise,
    observe=_observe,
    runs_code=True,
    refines=("pickle",),
)
