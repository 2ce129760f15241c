"""TensorFlow checkpoints: an index of tensors (`.index`), shards of raw numbers (`.data-00000-of-00001`), and the file
`checkpoint`.

Nothing in them runs: the index is a table of names, types and places, the shards are numbers, `checkpoint` names the latest
one. An attacker can only lie about places. The graph beside them (`.meta`, `saved_model.pb`) is what runs. Source: the table
format of LevelDB (<https://github.com/google/leveldb/blob/main/doc/table_format.md>), `tensorflow/core/lib/io/format.cc`,
`tensorflow/core/protobuf/tensor_bundle.proto`, `tensorflow/core/util/tensor_bundle/tensor_bundle.cc`.

Checked: that the table of an index can be read: its blocks lie within the file, its entries name existing shards and places
that can be; an index of TensorFlow 1 (`SavedTensorSlices`) as a table.

Not checked: the numbers and texts in the shards, which are known by their suffix alone and which nothing is run from; blocks
that are compressed; whether the file that `checkpoint` names is there.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope

_MAGIC = bytes.fromhex("57fb808b247547db")
"""0xdb4775248b80fb57, the last bytes of a table."""
_FOOTER = 48
_SHARD = re.compile(r"\.data-\d{5}-of-\d{5}")
_STATE = re.compile(rb"(?:\s|#[^\n]*\n)*+(?:all_)?model_checkpoint_paths?\s*:\s*[\"']")
_SUFFIXES = (".index", ".ckpt")


def _is_table(source: ByteSource) -> bool:
    return source.size >= _FOOTER and source.read(source.size - len(_MAGIC), len(_MAGIC)) == _MAGIC


def _recognise(head: Head) -> bool:
    # The first key of a table is empty (its header): no bytes shared, none of its own.
    if (head.start.startswith(b"\0\0") or head.suffix in _SUFFIXES) and _is_table(head.source):
        return True
    return _SHARD.fullmatch(head.suffix) is not None or _STATE.match(head.start) is not None


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if _is_table(source):
        # Loaded for the files that need it: start-up is precious.
        from modelwarden.parsing.tensorflow.bundle import bundle_facts

        yield from bundle_facts(source)


FORMAT = Format(
    name="tensorflow-checkpoint",
    title="TensorFlow checkpoint",
    suffixes=(),
    ambiguous_suffixes=(".index", ".ckpt"),
    recognise=_recognise,
    observe=_observe,
)
