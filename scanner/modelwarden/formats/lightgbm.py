"""LightGBM models: lines of text (`Booster.save_model`). They hold numbers and names; reading one runs no code.

What follows the last line is read by nobody. Source: `src/boosting/gbdt_model_text.cpp` of LightGBM; the Python package appends
the line `pandas_categorical`.

Checked: The beginning, and what follows the last line.

Not checked: The trees.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import TAIL_BYTES, ByteSource, Fact, Format, Head, Scope

_START = rb"tree\r?\n(?:version=v[0-9]+\r?\n)?num_class=[0-9]+\r?\n"
_LAST_LINES = rb"\r?\n(?:pandas_categorical:[^\r\n\0]*|end of parameters|end of trees)(?=[\r\n\0]|\Z)"
_NO_TEXT = rb"[\0-\x08\x0e-\x1f]"


def _recognise(head: Head) -> bool:
    return head.start.startswith(b"tree") and re.match(_START, head.start) is not None


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe:
        from modelwarden.parsing.headers.boosters import lightgbm  # few ask

        yield from lightgbm(source)
    from modelwarden.parsing.rest import rest_behind  # few files are a model of LightGBM

    offset = 0
    last = None
    while last is None and offset < source.size:
        # The parameters are short, the trees are not: the end is looked for from where text stops being text.
        block = source.read(offset, TAIL_BYTES)
        broken = re.search(_NO_TEXT, block)
        if broken is not None or offset + len(block) >= source.size:
            start = max(0, offset - TAIL_BYTES)
            text = source.read(start, offset - start + (broken.start() if broken else len(block)))
            matches = list(re.finditer(_LAST_LINES, text))
            last = start + (matches[-1].end() if matches else len(text))
        offset += len(block)
    if last is not None:
        yield from rest_behind(source, last, "model", b"\0 \t\r\n")


FORMAT = Format(
    name="lightgbm",
    title="LightGBM model (text)",
    suffixes=(".lgb", ".lightgbm"),
    ambiguous_suffixes=(".model",),
    recognise=_recognise,
    observe=_observe,
)
