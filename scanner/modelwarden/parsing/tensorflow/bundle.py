"""The index of a TensorFlow checkpoint: for each tensor in which shard it stands, and where.

Source: `tensorflow/core/protobuf/tensor_bundle.proto` (BundleHeaderProto, BundleEntryProto).
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.domain.preview import shorten
from modelwarden.parsing.protobuf import VARINT, MalformedMessage, Wire
from modelwarden.parsing.tensorflow.table import CompressedBlock, Entry, MalformedTable, entries
from modelwarden.source.memory import MemorySource

_SIGNED = 1 << 63
"""Numbers from here on are negative."""
_TOLD = 16


def bundle_facts(source: ByteSource) -> Iterator[Fact]:
    """What of a checkpoint's index cannot be so."""
    shards = 0
    told = 0
    try:
        for number, entry in enumerate(entries(source)):
            if not entry.key:
                shards = _numbers(entry).get(1, 0)
                continue
            if number and not shards:
                return  # a table of TensorFlow 1: its values are slices of tensors, not places
            reason = _wrong(entry, shards)
            if reason and told < _TOLD:
                told += 1
                name = shorten(entry.key.decode("utf-8", "replace"))
                yield Gap(Shortfall.MALFORMED, f"{name!r} {reason}", Span(entry.offset, len(entry.value)))
    except MalformedTable as error:
        yield Gap(Shortfall.MALFORMED, f"the table is broken: {error}", Span(error.offset))
    except CompressedBlock as error:
        yield Gap(Shortfall.UNSUPPORTED, str(error))


def _wrong(entry: Entry, shards: int) -> str:
    """What is wrong with an entry, or nothing."""
    try:
        numbers = _numbers(entry)
    except MalformedTable as error:
        return f"cannot be understood: {error}"
    shard, offset, size = (numbers.get(number, 0) for number in (3, 4, 5))
    if shard >= shards:
        return f"stands in shard {shard}, there are {shards}"
    if offset >= _SIGNED or size >= _SIGNED or offset + size >= _SIGNED:
        return "stands beyond any file"
    return ""


def _numbers(entry: Entry) -> dict[int, int]:
    """The numbers of a message by their fields. Raises MalformedTable."""
    try:
        fields = Wire(MemorySource(entry.value)).fields()
        return {field.number: field.value for field in fields if field.wire == VARINT}
    except MalformedMessage as error:
        raise MalformedTable(str(error), entry.offset + error.offset) from error
