"""What the configuration of a model says: transformers, diffusers, PEFT and their kin.

Source: `transformers/configuration_utils.py`, `transformers/tokenization_utils_base.py`.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.parsing.headers.tolerant import tolerant

CONFIGURATIONS: Final = frozenset(
    "config.json configuration.json model_index.json adapter_config.json generation_config.json tokenizer_config.json "
    "processor_config.json preprocessor_config.json chat_template.json quantize_config.json".split()
)
_LONGEST: Final = 4 << 20
_LICENCES: Final = ("license", "licence")
_TOLD: Final = {
    "architectures": "architecture",
    "model_type": "model-type",
    "torch_dtype": "dtype",
    "dtype": "dtype",
    "_name_or_path": "name",
    "base_model_name_or_path": "base-model",
    "transformers_version": "transformers-version",
    "_diffusers_version": "diffusers-version",
    "_class_name": "architecture",
    "tokenizer_class": "tokenizer",
    "vocab_size": "vocabulary",
    "num_hidden_layers": "layers",
    "hidden_size": "hidden-size",
    "max_position_embeddings": "context-length",
    "peft_type": "adapter",
    "quant_method": "quantization",
}
_ITEMS: Final = 50


@tolerant
def properties(source: ByteSource, *, whole: bool) -> Iterator[Property]:
    """What a configuration says; without `whole` its licence alone, of most documents after a glance."""
    if source.size > _LONGEST:
        return
    data = source.read(0, source.size)
    if not whole and b'"licen' not in data:
        return
    document: dict[str, Any] = json.loads(data)
    span = Span(0, source.size)
    for key in _LICENCES:
        for value in _texts(document.get(key)):
            yield Property("licence", value, span)
    if not whole:
        return
    for key, told in _TOLD.items():
        for value in _texts(document.get(key)):
            yield Property(told, value, span)
    quantization = document.get("quantization_config")
    if isinstance(quantization, dict):
        for value in _texts(quantization.get("quant_method")):
            yield Property("quantization", value, span)
    mapped = document.get("auto_map")
    if isinstance(mapped, dict):
        for name, value in list(mapped.items())[:_ITEMS]:
            for text in _texts(value):
                yield Property("auto-map", f"{name}={text}", span)
    if document.get("trust_remote_code") is True:
        yield Property("trust-remote-code", "true", span)
    for text in _templates(document.get("chat_template")):
        yield Property("chat-template", f"{len(text.encode('utf-8', 'replace'))} bytes", span)


def _texts(value: object) -> list[str]:
    items = value[:_ITEMS] if isinstance(value, list) else [value]
    return [
        str(item)
        for item in items
        if (isinstance(item, str) and item) or (isinstance(item, int) and not isinstance(item, bool))
    ]


def _templates(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value[:_ITEMS]:
            if isinstance(item, dict) and isinstance(item.get("template"), str):
                yield item["template"]
