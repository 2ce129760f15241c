"""XGBoost models: UBJSON (`.ubj`), and the binary layout of versions before 2 (`.bst`, `.model`, `.deprecated`).

They hold numbers and names; reading one runs no code. An attacker can hide bytes behind the end, or break it so that other
readers stop. Models as JSON are read as JSON. Sources: `src/learner.cc` (`LearnerModelParamLegacy`, 136 bytes, then the names of
objective and booster with a length of 8 bytes each) and `src/common/json.cc` of XGBoost.

Checked: That the tree of UBJSON holds together to its end, and what follows it; the beginning of the binary layout.

Not checked: The trees of the binary layout.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall

_UBJSON = (
    rb"(?s)"
    rb"\{(?:[iU]|[Iu]\0|[lm]\0\0\0|[LM]\0{7})[\x06-\x10](?:learner|version|Config|Model)(?=[{\[])"
)
_BINARY = (
    rb"(?s)"
    rb"(?:binf)?.{136}[\x03-\x30]\0{7}(?:reg|binary|multi|count|survival|rank)[a-z]*:[a-z_:]{1,40}"
    rb"[\x04-\x08]\0{7}(?:gbtree|gblinear|dart)"
)


def _recognise(head: Head) -> bool:
    start = head.start
    if start[:1] == b"{":
        return start[1:2] in b"iIulLUmM" and re.match(_UBJSON, start) is not None
    boosters = start[140:220]
    return (
        any(name in boosters for name in (b"gbtree", b"gblinear", b"dart"))
        and re.match(_BINARY, start) is not None
    )


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe:
        from modelwarden.parsing.headers.boosters import xgboost  # few ask

        yield from xgboost(source)
    from modelwarden.parsing.rest import rest_behind  # few files are a model of XGBoost
    from modelwarden.parsing.ubjson import Broken, TooMany, Walk

    if source.read(0, 1) != b"{":
        return
    walk = Walk(source, scope.budget.limits.values)
    try:
        end = walk.run()
    except Broken as error:
        yield Gap(Shortfall.MALFORMED, f"the model cannot be understood: {error}", Span(walk.offset))
    except TooMany as error:
        detail = f"{error}: only {walk.offset:,} of {source.size:,} bytes were read"
        yield Gap(Shortfall.LIMIT, detail, Span(walk.offset, source.size - walk.offset))
    else:
        yield from rest_behind(source, end, "model")


FORMAT = Format(
    name="xgboost",
    title="XGBoost model",
    suffixes=(".ubj",),
    ambiguous_suffixes=(".bst", ".deprecated", ".model"),
    recognise=_recognise,
    observe=_observe,
)
