"""Model cards and licences: no models, so they count as skipped, but what they say of licences is read.

A card is recognised by the keys of its front matter, wherever it lies. The text of a licence is judged only when a model lies
beside it: every package that is installed brings one.
"""

import os
from collections.abc import Sequence

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.observation import Property
from modelwarden.domain.record import record
from modelwarden.engine.identify import claims_a_model, may_be_a_model

_ENTRIES = 10_000
"""Of a directory so many entries are looked at."""
_CARDS = ("readme",)
_ALWAYS_BESIDE = frozenset({"config.json", "model_index.json", "tokenizer_config.json"})


@record
class Document:
    """`facts` are judged, `unjudged` ones kept only. `beside`: what lies in the same directory had a say."""

    facts: tuple[Property, ...] = ()
    unjudged: tuple[Property, ...] = ()
    beside: bool = False


def document(source: ByteSource, path: ArtifactPath, without: Sequence[str] = ()) -> Document:
    """What a file of such a name says of licences."""
    if path.name.lower().startswith(_CARDS):
        from modelwarden.parsing.model_card import card  # YAML

        return Document(tuple(card(source)))
    from modelwarden.parsing.licence_text import licence_text

    found = tuple(licence_text(source))
    if not found or path.members:
        return Document(unjudged=found)
    if _lies_by_a_model(os.path.dirname(path.file), without):
        return Document(facts=found, beside=True)
    return Document(unjudged=found, beside=True)


def _lies_by_a_model(directory: str, without: Sequence[str]) -> bool:
    try:
        with os.scandir(directory or os.curdir) as entries:
            for _, entry in zip(range(_ENTRIES), entries, strict=False):
                suffix = os.path.splitext(entry.name)[1].lower()
                if claims_a_model(suffix, without) or may_be_a_model(suffix) or entry.name in _ALWAYS_BESIDE:
                    return True
    except OSError:
        pass  # who reads the file itself says what is wrong
    return False
