"""CatBoost models (`.cbm`): `CBM1`, the length of a FlatBuffer with the trees, the FlatBuffer, and parts that it names.

They hold numbers and names; reading one runs no code. Source: `catboost/libs/model/model.cpp` and `flatbuffers/model.fbs` of
CatBoost.

Checked: That the trees are as long as they are said to be, and that a FlatBuffer stands there.

Not checked: The trees, and the parts behind them.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall

_MAGIC = b"CBM1"
_START = 8


def _recognise(head: Head) -> bool:
    return head.start.startswith(_MAGIC) and head.size > _START + 8


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    start = source.read(0, _START + 4)
    length, root = (int.from_bytes(start[at : at + 4], "little") for at in (4, _START))
    if _START + length > source.size:
        detail = f"trees of {length} bytes, {source.size - _START} are there"
        yield Gap(Shortfall.MALFORMED, detail, Span(0, source.size))
    elif not 4 <= root < length:
        yield Gap(
            Shortfall.MALFORMED, f"a FlatBuffer whose root is at {root} of {length} bytes", Span(_START, 4)
        )


FORMAT = Format(
    name="catboost",
    title="CatBoost model",
    suffixes=(".cbm",),
    recognise=_recognise,
    observe=_observe,
)
