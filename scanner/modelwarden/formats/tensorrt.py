"""TensorRT engines (plans): a network compiled for one GPU, in a layout that NVIDIA does not publish.

They hold machine code for the GPU by design, and can hold libraries for the host: plug-ins (`setPluginsToSerialize`) and, in
version-compatible engines, a runtime of their own. A loader that is told to (`engine_host_code_allowed`) loads those as it reads
the engine, so that a forged plan runs its author's code. Sources: TensorRT's developer guide, "Version Compatibility" and "Plugin
Shared Libraries"; engines begin with `ptrt` or `ftrt`; the layout that Ultralytics puts around them is of its own
(`ultralytics/engine/exporter.py`): a length, JSON, the engine.

Checked: Every byte is searched for programs of the host (ELF, PE, Mach-O, their headers verified).

Not checked: The network, its plug-ins' names and their data, and the code for the GPU; nobody but TensorRT can read these.
"""

from collections.abc import Iterator
from itertools import islice

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Place, Program, Shortfall

_MAGICS = (b"ptrt", b"ftrt")
_SUFFIXES = (".engine", ".plan", ".trt")
_METADATA_BYTES = 1 << 20
_SEARCHED = 64 << 30
_MOST = 16
_BINARY = bytes(8)
"""Eight zeros: no text has them. An engine of a layout that is not known here is told from a plan of somebody's day by them."""


def _recognise(head: Head) -> bool:
    if head.start.startswith(_MAGICS):
        return True
    if head.start[4:5] == b"{":
        length = int.from_bytes(head.start[:4], "little")
        return 2 <= length <= _METADATA_BYTES and head.source.read(4 + length, 4) in _MAGICS
    return head.suffix in _SUFFIXES and _BINARY in head.start


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.native import search_programs  # few files are engines

    for offset, kind in islice(search_programs(source, _SEARCHED), _MOST):
        if offset:
            yield Program(kind, Place.DATA, scope.name or "the engine", Span(offset))
    if source.size > _SEARCHED:
        detail = f"only the first {_SEARCHED:,} bytes were searched for programs"
        yield Gap(Shortfall.LIMIT, detail, Span(_SEARCHED, source.size - _SEARCHED))


FORMAT = Format(
    name="tensorrt",
    title="TensorRT engine",
    suffixes=(),
    recognise=_recognise,
    observe=_observe,
    ambiguous_suffixes=_SUFFIXES,
)
