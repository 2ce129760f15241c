"""The operators and buffers of a TensorFlow Lite model.

Source: `tensorflow/compiler/mlir/lite/schema/schema.fbs`; for Flex operators, which run TensorFlow's own kernels,
`tensorflow/lite/delegates/flex/kernel.cc`: custom options hold a vector of the operator's name and a NodeDef, and what runs
is that operator, whatever the custom code is called.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Operator, Quirk, Shortfall
from modelwarden.domain.preview import shorten
from modelwarden.parsing.flatbuffers import Flat, MalformedBuffer, flex_texts
from modelwarden.parsing.tensorflow.binary import GraphFile
from modelwarden.parsing.tensorflow.operators import DOMAIN
from modelwarden.source.memory import MemorySource
from modelwarden.source.slice import SliceSource

_OPERATOR_CODES, _SUBGRAPHS, _BUFFERS = 1, 2, 4
_CUSTOM = 32
_FLEX = "Flex"
_NAME = 1_000
_OPTIONS = 16 << 20
"""Longest custom options that are read."""
_OPERATORS = 1_000_000
_DISTINCT = 20_000


class LiteModel:
    """The facts about one model."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._flat = Flat(source)
        self._told: set[tuple[str, str, str]] = set()

    def facts(self) -> Iterator[Fact]:
        """Operators, then buffers that stand outside; what leads nowhere becomes a `Gap`, and the rest is read."""
        try:
            model = self._flat.root()
        except MalformedBuffer as error:
            yield _gap("the model", error)
            return
        for name, part in (
            ("the operators", self._operators),
            ("the subgraphs", self._subgraphs),
            ("the buffers", self._buffers),
        ):
            try:
                yield from part(model)
            except MalformedBuffer as error:
                yield _gap(name, error)

    def _code(self, table: int) -> str:
        """The custom code of an entry of `operator_codes`; empty for what is built in."""
        flat = self._flat
        builtin = max(flat.scalar(table, 0, 1, signed=True), flat.scalar(table, 3, 4, signed=True))
        return flat.text(table, 1, _NAME) if builtin == _CUSTOM else ""

    def _operators(self, model: int) -> Iterator[Fact]:
        for table in self._flat.tables(model, _OPERATOR_CODES):
            code = self._code(table)
            if code.startswith(_FLEX):
                yield from self._once(
                    Operator(DOMAIN, code[len(_FLEX) :], f"custom code {code}", Span(table))
                )
            elif code:
                yield from self._once(Operator("tflite", code, f"custom code {code}", Span(table)))

    def _subgraphs(self, model: int) -> Iterator[Fact]:
        flat = self._flat
        start, count = flat.vector(model, _OPERATOR_CODES)
        flex: dict[int, bool] = {}
        seen = 0
        for subgraph in flat.tables(model, _SUBGRAPHS):
            for table in flat.tables(subgraph, 3):
                seen += 1
                if seen > _OPERATORS:
                    detail = f"it has more than {_OPERATORS:,} operators: the rest was not looked at"
                    yield Gap(Shortfall.LIMIT, detail, Span(table))
                    return
                index = flat.scalar(table, 0, 4)
                if index not in flex and index < count:
                    flex[index] = self._code(flat.follow(start + 4 * index)).startswith(_FLEX)
                if flex.get(index):
                    yield from self._flex(table)

    def _flex(self, table: int) -> Iterator[Fact]:
        """What a Flex operator really runs."""
        flat = self._flat
        place, length = flat.vector(table, 5, 1)
        if not length:
            place, length = flat.scalar(table, 9, 8), flat.scalar(table, 10, 8)
        if not length:
            return
        span = Span(place, length)
        if length > _OPTIONS:
            yield Gap(
                Shortfall.LIMIT, f"the options of an operator take {length:,} bytes: they were not read", span
            )
            return
        try:
            texts = flex_texts(SliceSource(self._source, place, length).read(0, length), 2)
        except MalformedBuffer as error:
            yield _gap("the options of a Flex operator", error)
            return
        if texts and texts[0]:
            name = texts[0][:_NAME].decode("utf-8", "replace")
            yield from self._once(Operator(DOMAIN, name, "Flex operator", span))
        for text in texts[1:]:
            for fact in GraphFile(MemorySource(text)).node():
                if isinstance(fact, Operator):
                    detail = f"Flex operator, {fact.detail}"
                    yield from self._once(Operator(DOMAIN, fact.name, detail, span, fact.argument))
                elif not isinstance(fact, Gap):
                    yield fact

    def _once(self, operator: Operator) -> Iterator[Fact]:
        name = shorten(operator.name)
        key = (operator.domain, name, operator.argument)
        if not name or key in self._told or len(self._told) > _DISTINCT:
            return
        self._told.add(key)
        if len(self._told) > _DISTINCT:
            detail = f"it names more than {_DISTINCT:,} different operators: the others are not told apart"
            yield Gap(Shortfall.LIMIT, detail, operator.span)
        yield Operator(operator.domain, name, shorten(operator.detail), operator.span, operator.argument)

    def _buffers(self, model: int) -> Iterator[Fact]:
        """Buffers of large models stand behind the FlatBuffer, at places it states."""
        flat = self._flat
        for number, table in enumerate(flat.tables(model, _BUFFERS)):
            offset, size = flat.scalar(table, 1, 8), flat.scalar(table, 2, 8)
            flat.vector(table, 0, 1)
            if offset > 1 and offset + size > self._source.size:
                detail = f"takes {size} bytes from byte {offset}, the file has {self._source.size}"
                yield Anomaly(Quirk.OUT_OF_BOUNDS, f"buffer {number}", detail, Span(table))
                return


def _gap(what: str, error: MalformedBuffer) -> Gap:
    return Gap(Shortfall.MALFORMED, f"{what} cannot be read: {error}", Span(error.offset))
