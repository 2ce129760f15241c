"""NumPy array files (.npy, also as members of .npz): a header that describes the array, then its numbers.

When the type holds Python objects, anywhere in it, the data is a pickle and `numpy.load(…, allow_pickle=True)` runs it. A reader
that evaluates the header instead of parsing it runs that too. Specification: `numpy/lib/_format_impl.py`.

Checked: The header, literally, in all versions; whether the array fits the file; an array of objects as the pickle it is; what
stands behind the numbers.

Not checked: The numbers, unless `--weights` asks for it.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.parsing.npy import (
    MAGIC,
    Header,
    HeaderExpression,
    HeaderProblem,
    HeaderTooLong,
    UnknownVersion,
    read_header,
)
from modelwarden.source.slice import SliceSource

_FLOATS = frozenset(order + kind for order in "<>" for kind in ("f2", "f4", "f8"))


def _recognise(head: Head) -> bool:
    return head.start.startswith(MAGIC)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe:
        from modelwarden.parsing.headers.npy import properties  # few ask

        yield from properties(source)
    try:
        header = read_header(source)
    except HeaderProblem as problem:
        yield _shortcoming(problem)
        yield from _rest(source, problem.data)
        return
    span = Span(0, header.data)
    if header.layout.objects:
        yield Anomaly(Quirk.OBJECT_ARRAY, "array", "its items are Python objects", span)
        yield Child("data", SliceSource(source, header.data, source.size - header.data), "pickle")
        return
    yield from _numbers(source, header)
    if scope.weights and header.dtype in _FLOATS:
        from modelwarden.parsing.weights import numbers  # it imports numpy, and few ask

        yield from numbers(source, scope.name or "the array", header.dtype, header.shape, header.data)


def _shortcoming(problem: HeaderProblem) -> Fact:
    span = Span(0, problem.data)
    match problem:
        case HeaderExpression():
            return Anomaly(Quirk.HEADER_EXPRESSION, "header", str(problem), span)
        case HeaderTooLong():
            return Gap(Shortfall.LIMIT, str(problem), span)
        case UnknownVersion():
            return Gap(Shortfall.UNSUPPORTED, str(problem), span)
        case _:
            return Gap(Shortfall.MALFORMED, str(problem), span)


def _numbers(source: ByteSource, header: Header) -> Iterator[Fact]:
    """Raw numbers are not read; what stands behind them is."""
    there = source.size - header.data
    stated = header.data_bytes
    if stated is None:
        yield Gap(
            Shortfall.MALFORMED, "the size of an item cannot be told from the header", Span(0, header.data)
        )
        yield from _rest(source, header.data)
    elif stated > there:
        detail = f"the array takes {stated} bytes, {there} are there"
        yield Gap(Shortfall.MALFORMED, detail, Span(header.data, there))
    else:
        yield from _rest(source, header.data + stated)


def _rest(source: ByteSource, offset: int) -> Iterator[Child]:
    """What stands behind all that is understood, to be recognised by what it is."""
    if offset < source.size:
        yield Child(f"+{offset}", SliceSource(source, offset, source.size - offset))


FORMAT = Format(
    name="npy",
    title="NumPy array",
    suffixes=(".npy",),
    recognise=_recognise,
    observe=_observe,
)
