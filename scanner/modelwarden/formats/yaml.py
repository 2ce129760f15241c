"""YAML: configurations of training and of models, whose tags can run code and whose keys can name it.

`!!python/object/apply:os.system [...]` runs when a program loads the file with PyYAML's unsafe loader (CVE-2020-14343 is its
best known victim); `_target_` names a function that Hydra and NeMo call (CVE-2025-23304); `loader_module` of an `MLmodel` a
module that MLflow imports. Specification: https://yaml.org/spec; tags: `parsing/settings/yaml_tree.py`; keys: `parsing/settings`.

Checked: Every `!!python/…` tag however it is written, and the same keys as in JSON, in every document of the file; pip's lines of
a conda environment inside an archive; secrets and URLs; a file without suffix when it begins as an `MLmodel` or with such a tag.

Not checked: Documents without such keys and tags are searched, not parsed; templates of YAML (Helm, Jinja) that are no YAML
before they are rendered; tags of other languages; documents above 8 MiB, which are reported when they hold such a key.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall

_SUFFIXES = frozenset((".yaml", ".yml"))
_CONTROL = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f]")
_MLMODEL = rb"(?m)^flavors[ \t]*:"
_MLFLOW = rb"(?m)^[ \t]+(?:python_function|loader_module)[ \t]*:|^mlflow_version[ \t]*:"
_TAG = rb"(?m)^[ \t]{0,200}(?:[-?][ \t]+){0,50}(?:[\w.\"'-][\w.\"' \t-]{0,100}:[ \t]+)?!(?:!|<tag:yaml\.org,2002:)python/"
_TARGET = rb"(?m)^[ \t-]{0,200}[\"']?_target_[\"']?[ \t]*:"
_SOUGHT = 1 << 20
"""Bytes in which a key that tells YAML without its suffix is sought."""
_CONTENT = rb"(?m)^(?![ \t]*(?:#|\r?$)|%|---[ \t]*\r?$)"
"""Where a line begins that is neither empty, nor a comment, nor a directive, nor the mark of a document."""


def _recognise(head: Head) -> bool:
    start = head.start
    if head.suffix in _SUFFIXES:
        return start.startswith((b"\xff\xfe", b"\xfe\xff")) or (
            bool(start) and _CONTROL.search(start) is None
        )
    if _CONTROL.search(start) is not None:
        return False
    text = start.removeprefix(b"\xef\xbb\xbf")
    late = head.size > len(start) and (not head.suffix or _is_silent(text))
    if late:
        text = head.source.read(0, _SOUGHT).removeprefix(b"\xef\xbb\xbf")
    if b"python/" in text:
        content = re.search(_CONTENT, text)
        if content is not None and re.match(_TAG, text[content.start() :]) is not None:
            return True
    return not head.suffix and _is_marked(text)


def _is_silent(start: bytes) -> bool:
    """Whether the whole lines of a head hold nothing but comments."""
    return re.search(_CONTENT, start[: start.rfind(b"\n")] if b"\n" in start else start) is None


def _is_marked(start: bytes) -> bool:
    """Whether a text without suffix is YAML that a loader of models reads."""
    return (
        (
            b"flavors" in start
            and re.search(_MLMODEL, start) is not None
            and re.search(_MLFLOW, start) is not None
        )
        or (b"python/" in start and re.search(_TAG, start) is not None)
        or (b"_target_" in start and re.search(_TARGET, start) is not None)
    )


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    # Only a scan that meets YAML needs these.
    from modelwarden.parsing.settings.marks import text_marks
    from modelwarden.parsing.settings.walk import is_loaded, must_be_read, observe_settings
    from modelwarden.parsing.settings.yaml_tree import Document, NotUnderstood, documents
    from modelwarden.parsing.texts import texts
    from modelwarden.source.memory import MemorySource

    limits = scope.budget.limits
    yield from texts(source, limits.searched_bytes, scope.name)
    ceiling = limits.text_bytes // 2
    if source.read(0, 2) in (b"\xff\xfe", b"\xfe\xff") and source.size <= ceiling:
        text = source.read(0, source.size).decode("utf-16", "replace")
        data = text.encode("utf-8", "replace")
        marks = text_marks(MemorySource(data), limits.searched_bytes, names=scope.names)
    else:
        marks = text_marks(source, limits.searched_bytes, names=scope.names)
        data = source.read(0, source.size) if source.size <= ceiling else b""
        text = data.decode("utf-8-sig", "replace")
    if not marks:
        return
    if source.size > ceiling:
        if must_be_read(marks, scope):
            yield Gap(
                Shortfall.LIMIT,
                f"{source.size:,} bytes of YAML are too long to be parsed: what its keys name was not looked at",
            )
        return
    try:
        for found in documents(text, scope):
            if isinstance(found, Document):
                yield from observe_settings(found.root, data, scope)
            else:
                yield found
    except NotUnderstood as error:
        if (marks.strong or marks.weak) and is_loaded(scope):
            yield Gap(Shortfall.MALFORMED, f"the YAML cannot be understood: {error}", Span(0, source.size))


FORMAT = Format(
    name="yaml",
    title="YAML",
    suffixes=(),
    ambiguous_suffixes=(".yaml", ".yml"),
    recognise=_recognise,
    observe=_observe,
)
