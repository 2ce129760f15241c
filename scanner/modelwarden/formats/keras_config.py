"""A Keras model's configuration as JSON: `model.to_json()`, `config.json` of a `.keras` file, `model_config` of an HDF5 file.

It names classes and functions that Keras looks up and calls, and may carry functions as bytecode (a Lambda layer), so loading it
can run anything. `keras.models.model_from_json` reads it. Specification: https://keras.io/api/models/model_saving_apis/;
upstream: `keras/src/saving/serialization_lib.py`.

Checked: Every object at any depth that names a class or function, bytecode of Lambda layers, pickled torch modules, files and
addresses that layers read, settings that switch safe loading off, keys that occur twice.

Not checked: Whether the model makes sense; what classes of your own do with their configuration.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span

_SOUGHT = 4 << 20
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*\{[ \t\r\n]*\"")
_NAMED = re.compile(rb'"class_name"[ \t\r\n]*:[ \t\r\n]*"')
_CONFIGURED = re.compile(rb'"config"[ \t\r\n]*:[ \t\r\n]*[{"\[n]')
_ESCAPE = re.compile(rb"\\u00([0-9A-Fa-f]{2})")
_DEPTH = 3


def _recognise(head: Head) -> bool:
    if _BEGINNING.match(head.start) is None:
        return False
    if head.size > _SOUGHT:
        return _mentions(head.start)
    text = head.start if head.size <= len(head.start) else head.source.read(0, head.size)
    return _mentions(text) and _is_config(text)


def _mentions(text: bytes) -> bool:
    """Whether an object's class and configuration are named at all, written plainly or with escapes."""
    if b"\\u00" in text:
        text = _ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), text)
    return _NAMED.search(text) is not None and _CONFIGURED.search(text) is not None


def _is_config(text: bytes) -> bool:
    """Whether it is one JSON document with such an object at its top or not far below it."""
    import json  # only for what mentions the words

    try:
        document: object = json.loads(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    level = [document]
    for _ in range(_DEPTH):
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                if isinstance(value.get("class_name"), str) and "config" in value:
                    return True
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
        level = below
    return False


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe:
        from modelwarden.parsing.headers.keras import properties  # few ask

        yield from properties(source)
    from modelwarden.parsing.keras_config import observe_config  # only when a configuration is met

    limits = scope.budget.limits
    yield from observe_config(
        source.read(0, limits.text_bytes + 1), Span(0, source.size), limits.text_bytes, limits.values // 2
    )


FORMAT = Format(
    name="keras-config",
    title="Keras model configuration (JSON)",
    suffixes=(),
    ambiguous_suffixes=(".json",),
    recognise=_recognise,
    observe=_observe,
    refines=("json",),
)
