"""JSON: configurations of models, among them keys that name code to import, templates to render and shards to read.

Formally data alone; but `_target_` names a function that Hydra and NeMo call with its siblings (CVE-2025-23304), `auto_map` a
class that transformers fetches from another repository, `chat_template` a program in Jinja. Specification: RFC 8259; what Python
accepts beyond it: `json/decoder.py`. Keys: `parsing/settings`.

Checked: `_target_`, `target` with `params`, and `class_path`, with their arguments and interpolations; `auto_map`,
`custom_pipelines`, `auto_mapping`, `trust_remote_code`; the classes of `model_index.json` and `modules.json`; chat templates; the
shards of a `weight_map`; what the model is called, when names are blocked; secrets and URLs in texts, though not in the files of
vocabularies.

Not checked: Documents without such keys are searched, not parsed; other keys of the same document; JSON with comments, and lines
of JSON one after the other, which the loaders of models refuse; documents above 16 MiB, which are reported when they hold such a
key.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall

if TYPE_CHECKING:
    from modelwarden.parsing.settings.tree import Node

_BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)?[ \t\r\n]*(?:\{[ \t\r\n]*["}]|\[[ \t\r\n]*["{\[\]])')
_NUMBERS = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*[\[{]")
_WIDE = re.compile(
    rb"(?:\xff\xfe\0\0|\xff\xfe)?(?:[ \t\r\n]\0+)*[{\[]\0|(?:\0\0\xfe\xff|\xfe\xff)?(?:\0+[ \t\r\n])*\0+[{\[]"
)
"""UTF-16 and UTF-32 with or without a mark, as `json.loads` detects them."""
_BLANK = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
"""Blanks, and what UTF-16, UTF-32 and marks of their order put around them."""
_CONFIGURATIONS = frozenset(("config.json", "model_index.json", "adapter_config.json", "configuration.json"))
"""Configurations of models, which may state a licence."""
_CONTROL = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f]")
_OTHERS = frozenset(
    ".css .geojson .har .html .ipynb .j2 .jinja .jinja2 .js .jsonl .less .log .map .md .ndjson .py .rst .scss .sh .tex .toml "
    ".topojson .ts .yaml .yml".split()
)
"""What is often JSON, or begins like it, and is no configuration of a model, or (YAML) read as such elsewhere."""


def _recognise(head: Head) -> bool:
    start = head.start
    if head.suffix == ".json":
        return (
            (_NUMBERS.match(start) is not None and _CONTROL.search(start) is None)
            or _WIDE.match(start) is not None
            or (head.size > len(start) and not start.strip(_BLANK))
        )
    if head.suffix in _OTHERS or _CONTROL.search(start) is not None:
        return False
    return _BEGINNING.match(start) is not None or (head.size > len(start) and _begins_late(head))


def _begins_late(head: Head) -> bool:
    """Whether it is JSON behind more blanks than the head holds."""
    if head.start.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n") not in (b"", b"{", b"["):
        return False
    from modelwarden.parsing.json_search import beginning  # few files begin with blanks alone

    return beginning(head.source, 2) in (b"", b'{"', b"{}", b'["', b"[{", b"[[", b"[]")


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe or scope.name in _CONFIGURATIONS:
        from modelwarden.parsing.headers.settings import CONFIGURATIONS, properties

        if scope.name in CONFIGURATIONS:
            yield from properties(source, whole=scope.describe)
    if scope.describe:
        yield from _described(source)
    # Only a scan that meets JSON needs these.
    from modelwarden.parsing.settings.marks import json_marks
    from modelwarden.parsing.settings.walk import is_loaded, must_be_read, observe_settings
    from modelwarden.parsing.texts import texts
    from modelwarden.source.memory import MemorySource

    yield from texts(source, scope.budget.limits.searched_bytes, scope.name)
    if source.size > scope.budget.limits.text_bytes and _is_wide(source):
        yield Gap(
            Shortfall.LIMIT,
            f"{source.size:,} bytes of JSON in UTF-16 or UTF-32 are too long: none were looked at",
        )
        return
    data = _narrow(source)
    marks = json_marks(
        source if data is None else MemorySource(data), scope.budget.limits.searched_bytes, names=scope.names
    )
    if not marks:
        return
    if (
        source.size > scope.budget.limits.text_bytes
    ):  # parsed, it takes about twenty times its bytes in memory
        if must_be_read(marks, scope):
            yield Gap(
                Shortfall.LIMIT,
                f"{source.size:,} bytes of JSON are too long to be parsed: what its keys name was not looked at",
            )
        return
    if data is None:
        data = source.read(0, source.size)
    try:
        root = _parse(data)
    except (ValueError, RecursionError) as error:
        if (marks.strong or marks.weak) and is_loaded(scope):
            reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            yield Gap(Shortfall.MALFORMED, f"the JSON cannot be understood: {reason}", Span(0, source.size))
        return
    yield from observe_settings(root, data, scope)


def _described(source: ByteSource) -> Iterator[Fact]:
    """Models of Keras and XGBoost are JSON, too."""
    from modelwarden.parsing.headers.boosters import xgboost
    from modelwarden.parsing.headers.keras import properties

    start = source.read(0, 4096)
    if b'"learner"' in start:
        yield from xgboost(source)
    elif b'"keras_version"' in start or b'"class_name"' in start:
        yield from properties(source)


def _is_wide(source: ByteSource) -> bool:
    import json

    return not json.detect_encoding(source.read(0, 4)).startswith("utf-8")


def _narrow(source: ByteSource) -> bytes | None:
    """The document in UTF-8 when it is written in UTF-16 or UTF-32; None when it need not be turned."""
    from modelwarden.parsing.json_search import narrow

    return narrow(source.read(0, source.size)) if _is_wide(source) else None


def _parse(data: bytes) -> "Node":
    """Raises ValueError and RecursionError."""
    import json

    from modelwarden.parsing.settings.tree import Pairs

    root: Node = json.loads(data.decode("utf-8-sig", "surrogatepass"), object_pairs_hook=Pairs)
    return root


FORMAT = Format(
    name="json",
    title="JSON",
    suffixes=(),
    ambiguous_suffixes=(".json",),
    recognise=_recognise,
    observe=_observe,
)
