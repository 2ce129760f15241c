"""What a file says of itself, kept for those who ask: what formats state as such, and what other facts tell as well."""

from collections.abc import Iterator
from typing import Final

from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.observation import (
    CodeBlob,
    Name,
    Observation,
    Operator,
    Program,
    Property,
    Reference,
    Setting,
    Template,
)
from modelwarden.domain.preview import shorten
from modelwarden.engine.redact import redact

MOST: Final = 4_000
"""Properties of one file that are kept."""
_LONGEST: Final = 2_000
_ORDINARY: Final = frozenset({"ai.onnx", "ai.onnx.ml", "ai.onnx.training", "aten", "tensorflow"})
"""Domains of operators that a runtime brings itself; which of them a graph uses tells nobody anything here."""


def stated(fact: Observation, path: ArtifactPath) -> Iterator[tuple[str, str, str]]:
    """(member, key, value) of what a fact tells; nothing for most."""
    key, value = _told(fact)
    if key:
        yield shorten("!".join(path.members), _LONGEST), key, redact(shorten(value.strip(), _LONGEST))


def _told(fact: Observation) -> tuple[str, str]:
    match fact:
        case Property(key, value):
            return key, value
        case Name(text, holder) if holder != "file name":
            return "name", text
        case Setting(key, value):
            return key.replace("_", "-"), value
        case Template(holder):
            return "template", holder
        case Reference(role, location):
            return f"reference-{role.value}", location
        case Program(kind, _, name):
            return "program", f"{kind}: {name}"
        case CodeBlob(name):
            return "code", name
        case Operator(domain, name) if domain not in _ORDINARY:
            return "custom-operator", f"{domain}:{name}"
        case _:
            return "", ""
