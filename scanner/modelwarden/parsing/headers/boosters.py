"""What models of XGBoost and LightGBM say.

Sources: `src/learner.cc` of XGBoost, `src/boosting/gbdt_model_text.cpp` of LightGBM.
"""

import re
from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.parsing.headers.tolerant import tolerant

_HEAD: Final = 64 << 10
_UBJSON_VERSION: Final = re.compile(
    rb"\x07version\[(?:\$([iUIlL])#[iUIl](?:\x03|\0\x03)|#[iU]\x03)?(.{3,30})", re.DOTALL
)
_NUMBER: Final = re.compile(rb"[iU](.)|I(..)|l(....)|L(.{8})", re.DOTALL)
_WIDTHS: Final = {b"i": 1, b"U": 1, b"I": 2, b"l": 4, b"L": 8}
_JSON_VERSION: Final = re.compile(
    rb'"version"\s{0,9}:\s{0,9}\[\s{0,9}(\d+)\s{0,9},\s{0,9}(\d+)\s{0,9},\s{0,9}(\d+)'
)
_OBJECTIVE: Final = re.compile(rb"((?:reg|binary|multi|count|survival|rank):[a-z_:]{1,40})")
_LIGHTGBM: Final = {
    "version": "format-version",
    "num_class": "classes",
    "objective": "objective",
    "max_feature_idx": "last-feature",
}
_LINES: Final = 50


@tolerant
def xgboost(source: ByteSource) -> Iterator[Property]:
    """The version of the library, and what the model was trained for."""
    span = Span(0, source.size)
    yield Property("framework", "xgboost", span)
    head = source.read(0, _HEAD)
    tail = source.read(max(0, source.size - _HEAD), _HEAD)
    version = _version(tail) or _version(head)
    if version:
        yield Property("framework-version", version, span)
    objective = _OBJECTIVE.search(tail) or _OBJECTIVE.search(head)
    if objective is not None:
        yield Property("objective", objective[1].decode(), span)


def _version(data: bytes) -> str:
    written = _JSON_VERSION.search(data)
    if written is not None:
        return ".".join(part.decode() for part in written.groups())
    match = _UBJSON_VERSION.search(data)
    if match is None:
        return ""
    if match[1]:
        width = _WIDTHS[match[1]]
        numbers = [match[2][at : at + width] for at in range(0, 3 * width, width)]
    else:
        numbers = [next(filter(None, one.groups())) for one in _NUMBER.finditer(match[2])][:3]
    return ".".join(str(int.from_bytes(number, "big")) for number in numbers) if len(numbers) == 3 else ""


@tolerant
def lightgbm(source: ByteSource) -> Iterator[Property]:
    """The lines before the first tree."""
    span = Span(0, source.size)
    yield Property("framework", "lightgbm", span)
    for line in source.read(0, _HEAD).decode("utf-8", "replace").splitlines()[:_LINES]:
        key, equals, value = line.partition("=")
        if line.startswith("Tree="):
            return
        if equals and key in _LIGHTGBM:
            yield Property(_LIGHTGBM[key], value[:200], span)
