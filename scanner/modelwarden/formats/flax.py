"""Flax checkpoints: a tree of names and arrays as MessagePack (`flax.serialization.to_bytes`).

Reading one runs no code. An attacker relies on what a program does with the tree: keys that become attributes of objects
(`__reduce__`, `__setstate__`), bytes that are unpickled (msgpack-numpy does that for arrays of objects), extension types that the
reader's own hook decodes, and what stands behind the tree. Source: `flax/serialization.py`; an array is the extension 1 with
MessagePack of shape, data type and bytes, 2 a complex number, 3 a scalar.

Checked: Every key, extension type and bytes value at any depth; the shape and data type of every array against its bytes; what
stands behind the tree.

Not checked: The numbers of the arrays, and texts.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope

_NAMES = (".msgpack", ".flax")
_START = (
    rb"(?s)"
    rb"[\x81-\x8f][\xa0-\xbf\xd9-\xdb]|\xde..[\xa0-\xbf\xd9-\xdb]|\xdf....[\xa0-\xbf\xd9-\xdb]"
)
"""A map that is not empty, and in it first a text. Pickles begin with an empty map."""
_ARRAY = rb"(?s)(?:\xc7.|\xc8..|\xc9....|[\xd4-\xd8])[\1\3]\x93[\x90-\x9f\xdc]"
"""The extension 1 or 3, which holds three values, the first of them an array: an array of Flax."""


_MAPS = frozenset(bytes((first,)) for first in (*range(0x81, 0x90), 0xDE, 0xDF))


def _recognise(head: Head) -> bool:
    """By the name and a tree that holds together as far as the head goes; under another name an array must stand in it."""
    named = head.suffix in _NAMES
    if not named and (
        head.start[:1] not in _MAPS
        or re.match(_START, head.start) is None
        or re.search(_ARRAY, head.start) is None
    ):
        return False
    from modelwarden.parsing.flax import begins_a_tree  # few files come this far

    return begins_a_tree(head.start, head.size, named=named)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.flax import observe_tree  # few files are a checkpoint of Flax

    for fact in observe_tree(source, scope.budget.limits.values):
        if isinstance(fact, Child):
            scope.budget.spend_members()
        yield fact


FORMAT = Format(
    name="flax",
    title="Flax checkpoint (MessagePack)",
    suffixes=_NAMES,
    ambiguous_suffixes=(".checkpoint", ".jax", ".orbax"),
    recognise=_recognise,
    observe=_observe,
)
