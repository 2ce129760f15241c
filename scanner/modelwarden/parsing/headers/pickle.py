"""What a pickle says of who made it: versions that libraries write beside the state, and packages that it names. Nothing is run.

The bytes are searched, not followed: `_sklearn_version` is written by `sklearn/base.py`, in `__getstate__`.
"""

import re
from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.parsing.headers.tolerant import tolerant

_SEARCHED: Final = 4 << 20
"""Bytes at the beginning, and as many at the end."""
_PACKAGES: Final = (
    "sklearn", "xgboost", "lightgbm", "catboost", "torch", "keras", "tensorflow", "statsmodels", "transformers", "numpy",
    "pandas", "scipy", "joblib", "spacy", "gensim", "fastai", "skorch",
)  # fmt: skip
_CALLED: Final = {"sklearn": "scikit-learn", "torch": "pytorch"}
_NAMED: Final = re.compile(
    b"(?:c|\\x8c.|X....)(" + "|".join(_PACKAGES).encode() + rb")(?:\.[\w.]{1,100})?(?:\n|\x94|\x8c|q|\xff)",
    re.DOTALL,
)
_VERSION: Final = re.compile(
    rb"_sklearn_version(?:\x94|q.|r....)?(?:h.)?(?:\x8c.|X....|\nV|V)([0-9]{1,4}(?:\.[0-9]{1,6}){1,4}(?:\.?(?:a|b|rc|dev|post)[0-9]{1,6}){0,2})|"
    rb"_sklearn_version'?\np\d+\n[SV]'?([0-9]{1,4}(?:\.[0-9]{1,6}){1,4}(?:\.?(?:a|b|rc|dev|post)[0-9]{1,6}){0,2})",
    re.DOTALL,
)
_PROTOCOLS: Final = b"\2\3\4\5"


@tolerant
def properties(source: ByteSource) -> Iterator[Property]:
    """The protocol, packages it names and the version of scikit-learn."""
    data = source.read(0, _SEARCHED)
    if source.size > len(data):
        data += source.read(max(len(data), source.size - _SEARCHED), _SEARCHED)
    span = Span(0, source.size)
    binary = data[:1] == b"\x80" and data[1:2] in _PROTOCOLS
    yield Property("format-version", str(data[1]) if binary else "0 or 1", span)
    found = {match[1].decode() for match in _NAMED.finditer(data)}
    for package in _PACKAGES:
        if package in found:
            yield Property("framework", _CALLED.get(package, package), span)
    versions = dict.fromkeys((match[1] or match[2]).decode() for match in _VERSION.finditer(data))
    for version in list(versions)[:10]:
        yield Property("framework-version", f"scikit-learn {version}", span)
