"""Telling TensorFlow's messages from one another and from those of others, which carry no name: by what is nested in them.

A NodeDef has a node's name, an operator's name, and attributes under names; few fields are looked at, and none is required to
be the first, because parsers take them in any order.
"""

import re
from collections.abc import Iterator
from itertools import islice

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import ByteSource
from modelwarden.parsing.protobuf import BYTES, Field, MalformedMessage, Wire

_UNUSED = re.compile(
    rb"(?:[\x08\x10\x18\x20\x28\x30\x38\x40\x48\x50\x58\x60\x68\x70\x78][\x80-\xff]{0,9}[\x00-\x7f])++"
)
"""Numbers, of which none tells anything."""
_NAME = re.compile(r"[A-Za-z0-9_.][\w.\\/>-]*", re.ASCII)
_OP = re.compile(r"_?[A-Z]\w*(?:>\w+)*|\w+(?:>\w+)+", re.ASCII)
_INPUT = re.compile(r"\^?[\w.\\/>:-]+", re.ASCII)
_DEVICE = re.compile(r"[ -~]*")
_KEY = re.compile(r"\w+", re.ASCII)
_VERSION = re.compile(r"\d+\.\d+(?:[.+-][\w.+-]*)?", re.ASCII)
_TEXT = 512
_NODE_FIELDS = 256
_PATIENCE = 400_000
_MOST = 2_000_000
"""Fields of one message, and of all, that are looked at in a file whose suffix says what it is."""
_IMPATIENCE = 32
_FEW = 4_096
"""The same for any other file."""


class Kinds:
    """What the message in one source may be.

    `patient`: its suffix is that of a graph: it takes many fields in front of what tells to give up. Raises LimitReached then;
    any other file is simply not recognised.
    """

    def __init__(self, source: ByteSource, *, patient: bool) -> None:
        self._wire = Wire(source, _MOST if patient else _FEW)
        self._patience = _PATIENCE if patient else _IMPATIENCE
        self._patient = patient
        self._decides = False

    def is_saved_model(self) -> bool:
        """Whether one of its fields is a MetaGraphDef where a SavedModel has them."""
        return any(field.number == 2 and self._is_meta_graph(field) for field in self._fields(None))

    def is_meta_graph(self) -> bool:
        """Whether it is a MetaGraphDef by itself."""
        return self._is_meta_graph(None)

    def is_graph(self) -> bool:
        """Whether it is a GraphDef by itself. Only here is a file given up for the many fields on its first level."""
        self._decides = True
        return self._is_graph(None)

    def is_keras_metadata(self) -> bool:
        """Whether one of its fields is a SavedObject of Keras: a path, an identifier, a configuration."""
        for field in self._fields(None):
            if field.number == 1:
                for inner in self._fields(field):
                    if inner.number == 4 and self._wire.text(inner, _TEXT).startswith("_tf_keras"):
                        return True
        return False

    def _fields(self, message: Field | None) -> Iterator[Field]:
        start, end = (message.start, message.end) if message is not None else (0, self._wire.size)
        try:
            for count, field in enumerate(self._wire.fields(start, end, clipped=True, passed=_UNUSED)):
                if count == self._patience:
                    if message is None and not self._decides:
                        return  # a large graph is no SavedModel, and that is all
                    raise LimitReached(
                        f"more than {count:,} fields that are none of a graph's: the rest was not looked at"
                    )
                if field.wire == BYTES:
                    yield field
        except MalformedMessage:
            return
        except LimitReached:
            if self._patient:
                raise

    def _is_meta_graph(self, message: Field | None) -> bool:
        for field in self._fields(message):
            if field.number == 1 and self._is_meta_info(field):
                return True
            if field.number == 2 and self._is_graph(field):
                return True
        return False

    def _is_meta_info(self, message: Field) -> bool:
        """Whether it states TensorFlow's version and a commit, or a list of the operators used."""
        versions = [field for field in self._fields(message) if field.number == 5 and 0 < field.size <= _TEXT]
        return any(_VERSION.fullmatch(self._wire.text(field, _TEXT)) for field in versions)

    def _is_graph(self, message: Field | None) -> bool:
        for field in self._fields(message):
            if field.number == 1 and self._is_node(field):
                return True
            if field.number == 2 and any(
                function.number == 1 and self._is_function(function) for function in self._fields(field)
            ):
                return True
        return False

    def _is_function(self, message: Field) -> bool:
        """Whether it has a node where a FunctionDef has them."""
        return any(field.number == 3 and self._is_node(field) for field in self._fields(message))

    def _is_node(self, message: Field) -> bool:
        """Whether it is a NodeDef with at least one attribute."""
        named = called = described = False
        try:
            for field in islice(self._wire.fields(message.start, message.end, clipped=True), _NODE_FIELDS):
                pattern = _PATTERNS.get(field.number)
                if pattern is not None:
                    if field.wire != BYTES or not pattern.fullmatch(self._wire.text(field, _TEXT)):
                        return False
                    named |= field.number == 1
                    called |= field.number == 2
                elif field.number == 5:
                    if not self._is_attribute(field):
                        return False
                    described = True
        except MalformedMessage:
            pass
        except LimitReached:
            if self._patient:
                raise
        return named and called and described

    def _is_attribute(self, message: Field) -> bool:
        """Whether it is an entry of a map from text to a message."""
        if message.wire != BYTES:
            return False
        first = next(iter(self._fields(message)), None)
        return first is not None and (
            first.number == 2
            or (first.number == 1 and _KEY.fullmatch(self._wire.text(first, _TEXT)) is not None)
        )


_PATTERNS = {1: _NAME, 2: _OP, 3: _INPUT, 4: _DEVICE}
