"""What the archive of torch says besides its pickle: the version of the format, the order of bytes, storages and their bytes.

Upstream: `caffe2/serialize/inline_container.cc` (`version`, `byteorder`), `torch/serialization.py`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.parsing.headers.tolerant import tolerant
from modelwarden.parsing.headers.torch_tensors import torch_tensors
from modelwarden.parsing.zip.entry import Entry

_RECORDS: Final = {
    "version": "format-version",
    "archive_version": "format-version",
    "byteorder": "byte-order",
    "archive_format": "archive-format",
    ".data/version": "format-version",
    ".data/python_version": "python-version",
}
_CODE: Final = "code/"
_LONGEST: Final = 100


@tolerant
def properties(
    source: ByteSource,
    entries: Iterable[Entry],
    opened: Callable[[Entry], ByteSource | None],
    is_storage: Callable[[Entry], bool],
) -> Iterator[Property]:
    """What the small records say, and how many storages there are."""
    span = Span(0, source.size)
    yield Property("framework", "pytorch", span)
    storages = size = 0
    script = False
    tensors = None
    for entry in entries:
        folder, _, inside = entry.name.partition("/")
        record = _RECORDS.get(inside or folder)
        if is_storage(entry):
            storages += 1
            size += entry.header.size
        elif record is not None and entry.header.size <= _LONGEST:
            content = opened(entry)
            if content is not None:
                text = content.read(0, _LONGEST).decode("utf-8", "replace").strip()
                yield Property(record, text, Span(entry.offset, content.size))
        elif inside == "data.pkl":
            content = opened(entry)
            tensors = torch_tensors(content) if content is not None else None
        script = script or inside.startswith(_CODE)
    yield Property("kind", "TorchScript" if script else "torch.save", span)
    yield Property("storages", str(storages), span)
    yield Property("tensor-bytes", str(size), span)
    if tensors is not None:
        yield from tensors.properties(span)
