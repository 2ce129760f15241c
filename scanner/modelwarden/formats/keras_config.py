"""A Keras model's configuration as JSON: `model.to_json()`, `config.json` of a `.keras` file, `model_config` of an HDF5 file.

It names classes and functions that Keras looks up and calls, and may carry functions as bytecode (a Lambda layer), so loading it
can run anything. `keras.models.model_from_json` reads it. Specification: https://keras.io/api/models/model_saving_apis/;
upstream: `keras/src/saving/serialization_lib.py`.

Checked: Every object at any depth that names a class or function, bytecode of Lambda layers, pickled torch modules, files and
addresses that layers read, settings that switch safe loading off, keys that occur twice.

Not checked: Whether the model makes sense; what classes of your own do with their configuration.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span

_PARSED = 16 << 20
"""What is longer is not read anyway: the words are enough for it to be reported."""
_BLANK = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
"""Blanks, and what UTF-16, UTF-32 and marks of their order put around them."""
_DEPTH = 3


def _recognise(head: Head) -> bool:
    if head.start.lstrip(_BLANK)[:1] not in (b"{", b""):
        return False
    from modelwarden.parsing.json_search import Key, beginning, holds, narrow  # only for what may be JSON

    source = head.source
    start = beginning(source, 2)
    if start and start != b'{"':
        return False
    if not holds(source, ((Key("class_name", rb'"'),), (Key("config", rb'[{"\[n]'),))):
        return False
    return head.size > _PARSED or _is_config(narrow(source.read(0, head.size)))


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
