"""What the configuration of a Keras model says: its class and name, and how many layers; the version from `metadata.json`."""

import json
from collections.abc import Iterator
from typing import Any, Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.domain.preview import shorten
from modelwarden.parsing.headers.tolerant import tolerant

_LONGEST: Final = 4 << 20
_SHOWN: Final = 200


@tolerant
def properties(source: ByteSource) -> Iterator[Property]:
    """What a configuration, or `metadata.json`, says."""
    if source.size > _LONGEST:
        return
    span = Span(0, source.size)
    document: dict[str, Any] = json.loads(source.read(0, source.size))
    for key, told in (("keras_version", "framework-version"), ("backend", "backend"), ("date_saved", "date")):
        if isinstance(document.get(key), str):
            if key == "keras_version":
                yield Property("framework", "keras", span)
            yield Property(told, document[key], span)
    if not isinstance(document.get("class_name"), str) or not isinstance(document.get("config"), dict):
        return
    config: dict[str, Any] = document["config"]
    yield Property("framework", "keras", span)
    yield Property("architecture", document["class_name"], span)
    if isinstance(config.get("name"), str):
        yield Property("name", config["name"], span)
    layers = config.get("layers")
    if isinstance(layers, list):
        yield Property("layers", str(len(layers)), span)
        for layer in layers[:_SHOWN]:
            name = layer["config"].get("name", "") if isinstance(layer.get("config"), dict) else ""
            yield Property("layer", f"{shorten(str(layer['class_name']))} {shorten(str(name))}".strip(), span)
