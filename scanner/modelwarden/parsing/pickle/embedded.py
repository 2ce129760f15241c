"""Pickles and archives that stand in constants of a pickle: as bytes, or as base64 in an argument of a call."""

import base64
import binascii
import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call
from modelwarden.domain.value import Blob, Value
from modelwarden.parsing.pickle.inert import starts_like_a_carrier
from modelwarden.source.memory import MemorySource
from modelwarden.source.slice import SliceSource

_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s_-]{24,}")
_LARGEST = 4 << 20
"""Longer base64 is not decoded; payloads that run something are short."""
_ARGUMENTS = 64
_CONSTANTS = 10_000
"""So many constants are tried in one pickle."""


def embedded(source: ByteSource, span: Span, data: bytes | None) -> Child:
    """The member that a bytes constant is: `span` of the source, or `data` when it is spelled differently there."""
    part = SliceSource(source, span.offset, span.length) if data is None else MemorySource(data)
    return Child(f"bytes+{span.offset}", part)


def decoded(source: ByteSource, call: Call, known: set[Value], handed_on: set[int]) -> Iterator[Child]:
    """Members that stand in base64 among the arguments of a call.

    `known`: the constants that were decoded before; `handed_on`: hashes of contents that are members already. Both grow.
    """
    for value in _flat(call.arguments):
        if not isinstance(value, (str, Blob)) or value in known or len(known) > _CONSTANTS:
            continue
        known.add(value)
        if isinstance(value, str):
            text = value.encode("utf-8", "surrogatepass")
        elif value.length <= _LARGEST and _BASE64.fullmatch(value.start):
            text = source.read(value.offset, value.length)
        else:
            continue
        data = _base64(text)
        if starts_like_a_carrier(data) and hash(data) not in handed_on:
            handed_on.add(hash(data))
            yield Child(f"base64+{call.span.offset}", MemorySource(data))


def _flat(values: tuple[Value, ...]) -> Iterator[Value]:
    queue = list(values)
    for _ in range(_ARGUMENTS):
        if not queue:
            return
        value = queue.pop(0)
        if isinstance(value, tuple):
            queue.extend(value)
        else:
            yield value


def _base64(text: bytes) -> bytes:
    if not _BASE64.fullmatch(text):
        return b""
    try:
        return base64.b64decode(text.translate(bytes.maketrans(b"-_", b"+/")), validate=False)
    except binascii.Error:
        return b""
