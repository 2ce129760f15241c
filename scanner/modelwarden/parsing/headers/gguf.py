"""The keys and tensors of GGUF. Names of the types: enum ggml_type in `ggml.h`; of file types: enum llama_ftype in `llama.h`."""

from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.parsing.gguf import ARRAY, STRING, Broken, Gguf
from modelwarden.parsing.headers.tensors import Tensors
from modelwarden.parsing.headers.tolerant import tolerant

_TYPES: Final = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K",
    13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S",
    22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 30: "BF16", 34: "TQ1_0",
    35: "TQ2_0", 39: "MXFP4",
}  # fmt: skip
_TEXTS: Final = {
    "general.architecture": "architecture",
    "general.name": "name",
    "general.author": "author",
    "general.organization": "author",
    "general.version": "version",
    "general.description": "description",
    "general.size_label": "size-label",
    "general.license.name": "licence-name",
    "general.license.link": "licence-link",
    "general.source.huggingface.repository": "base-model",
    "tokenizer.ggml.model": "tokenizer",
}
_NUMBERS: Final = {
    "general.file_type": "file-type",
    "general.quantization_version": "quantization-version",
}
_OF_THE_ARCHITECTURE: Final = {
    ".context_length": "context-length",
    ".block_count": "layers",
    ".embedding_length": "embedding-length",
}
_LONGEST: Final = 2_000


@tolerant
def properties(source: ByteSource, texts: int, entries: int) -> Iterator[Property]:
    """What the header says; `texts` and `entries` as in `Gguf`."""
    header = Gguf(source, texts, entries)
    yield Property("format-version", str(header.version), Span(4, 4))
    yield Property("framework", "ggml", Span(0, 4))
    tensors = Tensors()
    try:
        for value in header.values():
            span = Span(value.offset, value.end - value.offset)
            if value.key in _TEXTS and value.kind == STRING:
                yield Property(_TEXTS[value.key], next(header.texts_of(value, _LONGEST))[0], span)
            elif value.key == "tokenizer.ggml.tokens" and value.kind == ARRAY:
                yield Property("vocabulary", str(value.count), span)
            elif value.key == "tokenizer.chat_template" and value.kind == STRING:
                length = next(header.texts_of(value, 1))[2]
                yield Property("chat-template", f"{length} bytes", span)
            elif value.kind not in (STRING, ARRAY):
                suffix = f".{value.key.rpartition('.')[2]}"
                key = _NUMBERS.get(value.key) or _OF_THE_ARCHITECTURE.get(suffix)
                if key:
                    yield Property(key, str(header.number_of(value)), span)
        for tensor in header.tensors():
            tensors.add(tensor.name, _TYPES.get(tensor.kind, f"type-{tensor.kind}"), tensor.dimensions)
    except Broken:
        pass  # the reader of the format says where
    yield from tensors.properties(Span(0, header.position))
