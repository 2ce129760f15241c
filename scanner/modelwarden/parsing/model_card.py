"""The front matter of a model card or a dataset card: YAML between two lines of hyphens at the top of README.md.

Source: https://huggingface.co/docs/hub/model-cards and https://huggingface.co/docs/hub/datasets-cards.
"""

import re
from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.domain.preview import shorten
from modelwarden.parsing.settings.tree import Node, Pairs

_LONGEST: Final = 1 << 20
_FENCE: Final = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]{0,64}---[ \t]*\r?\n")
_END: Final = re.compile(rb"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_DATASET: Final = (
    "dataset_info", "task_categories", "task_ids", "size_categories", "annotations_creators", "source_datasets",
)  # fmt: skip
"""Keys of dataset cards alone."""
_MODEL: Final = (
    "library_name",
    "pipeline_tag",
    "base_model",
    "model-index",
    "license_name",
    "license_link",
    "datasets",
)
_DISTINCTIVE: Final = re.compile(
    b"^(?:" + "|".join((*_DATASET, *_MODEL, "license")).encode() + rb")[ \t]*:", re.MULTILINE
)
_TOLD: Final = {
    "license": "licence",
    "licenses": "licence",
    "license_name": "licence-name",
    "license_link": "licence-link",
    "datasets": "dataset",
    "base_model": "base-model",
    "library_name": "framework",
    "pipeline_tag": "task",
    "pretty_name": "name",
}
_ITEMS: Final = 100
_OTHER: Final = frozenset({"other", "unknown"})


def card(source: ByteSource) -> Iterator[Property]:
    """What a card says; nothing when it is another kind of text, or no YAML."""
    text = _front_matter(source)
    if text is None:
        return
    # Heavy, and needed for cards alone.
    from modelwarden.parsing.settings.yaml_tree import Document, NotUnderstood, documents

    root: Node = None
    try:
        for found in documents(text.decode("utf-8", "replace"), Scope()):
            if isinstance(found, Document):
                root = found.root
                break
    except NotUnderstood:
        return  # a card that nobody can read states nothing
    if isinstance(root, Pairs):
        yield from _properties(root, Span(0, len(text)))


def _front_matter(source: ByteSource) -> bytes | None:
    start = source.read(0, _LONGEST)
    fence = _FENCE.match(start)
    end = _END.search(start, fence.end()) if fence is not None else None
    if fence is None or end is None:
        return None
    text = start[fence.end() : end.start()]
    return text if _DISTINCTIVE.search(text) is not None else None


def _properties(root: Pairs, span: Span) -> Iterator[Property]:
    is_dataset = any(root.has(key) for key in _DATASET)
    yield Property("card", "dataset" if is_dataset else "model", span)
    name = _texts(root.last("license_name"))
    for key, told in _TOLD.items():
        for value in _texts(root.last(key)):
            # "other" says nothing by itself; the name of the licence stands in a key of its own.
            yield Property(told, name[0] if told == "licence" and value in _OTHER and name else value, span)
    if is_dataset and not any(_texts(root.last(key)) for key in ("license", "licenses", "license_name")):
        yield Property("licence-missing", "dataset", span)


def _texts(node: Node) -> list[str]:
    items = node[:_ITEMS] if isinstance(node, list) else [node]
    return [shorten(item.strip()) for item in items if isinstance(item, str) and item.strip()]
