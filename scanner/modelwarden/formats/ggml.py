"""GGML, GGMF, GGJT and GGLA: what llama.cpp, whisper.cpp and their relatives read before GGUF, and some still do.

An attacker writes counts and sizes that overflow in readers written in C, or hides another file behind the tensors.
Sources: see `parsing/ggml.py`.

Checked: vocabulary and tensors are walked from front to back; every count, length, dimension and type against what is left.

Not checked: saved sessions (GGSN, GGSA, GGSQ) and models of programs whose numbers are arranged in a way that is not known here,
which are reported as not inspected; the numbers themselves.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.source.slice import SliceSource

_MAGICS = frozenset(
    magic[::step]
    for magic in (b"lmgg", b"fmgg", b"tjgg", b"algg", b"nsgg", b"asgg", b"qsgg")
    for step in (1, -1)
)
_NUMBER_AT_MOST = 16 << 20
"""A version or the size of a vocabulary is smaller. Four letters of a text are not."""
_SESSIONS = frozenset(("GGSN", "GGSA", "GGSQ"))
_IMPOSSIBLE = 1 << 44


def _recognise(head: Head) -> bool:
    start = head.start[:8]
    if start[:4] not in _MAGICS or head.size < 12:
        return False
    little = start[2:4] == b"gg"
    return 0 < int.from_bytes(start[4:8], "little" if little else "big") <= _NUMBER_AT_MOST


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    # Its parser is needed for these files alone.
    from modelwarden.parsing.cursor import PastEnd
    from modelwarden.parsing.ggml import MAGICS, Broken, Ggml

    if source.read(0, 4) not in MAGICS:
        yield Gap(Shortfall.MALFORMED, "it does not begin like GGML", Span(0, 4))
        return
    model = Ggml(source)
    if model.kind in _SESSIONS:
        yield Gap(Shortfall.UNSUPPORTED, f"a saved session ({model.kind}) is not read", Span(0, 8))
        return
    end = 0
    try:
        place = model.first_tensor()
        if place is None:
            detail = f"{model.kind}: its numbers and vocabulary are arranged in a way that is not known here"
            yield Gap(Shortfall.UNSUPPORTED, detail, Span(0, model.start))
            return
        end = place
        for tensor in model.tensors(place):
            end = tensor.end
    except Broken as error:
        yield from _broken(source, error.offset, end, str(error), scope, deliberate=error.deliberate)
    except PastEnd as error:
        if error.needed >= _IMPOSSIBLE:
            yield Anomaly(Quirk.OUT_OF_BOUNDS, "its header", str(error), Span(error.offset))
        yield Gap(Shortfall.MALFORMED, f"it ends early: {error}", Span(error.offset))


def _broken(
    source: ByteSource, offset: int, end: int, reason: str, scope: Scope, *, deliberate: bool
) -> Iterator[Fact]:
    """What stands where a tensor should: another file in all likelihood, when tensors came before."""
    if deliberate:
        yield Anomaly(Quirk.OUT_OF_BOUNDS, "its tensors", reason, Span(offset))
    yield Gap(Shortfall.MALFORMED, f"the tensors cannot be read on: {reason}", Span(offset))
    if offset == end and end:
        yield Anomaly(
            Quirk.TRAILING_DATA, "end", f"{source.size - end:,} bytes follow that are no tensor", Span(end)
        )
        scope.budget.spend_members()
        yield Child(f"+{end}", SliceSource(source, end, source.size - end))


FORMAT = Format(
    name="ggml",
    title="GGML, GGMF, GGJT or GGLA",
    suffixes=(".ggml",),
    recognise=_recognise,
    observe=_observe,
)
