"""A SARIF log as JSON: one pass, the same bytes for the same log, nothing a strict schema refuses.

`to_json` of jschema-to-python, which sarif-om's classes were made for, copies the tree again at every level (45 s for 25,000
results), writes nulls and NaN, drops `level: "warning"` because it is a default; a result then takes its level from its rule.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias, cast

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | float | bool"

_ALWAYS = frozenset({("Result", "level"), ("ReportingConfiguration", "level"), ("Notification", "level")})
_NO_DEFAULT = object()
_KNOWN: "dict[type[object], tuple[tuple[str, str, object], ...]]" = {}


class _Attribute(Protocol):
    """What attrs says of a field (`__attrs_attrs__`); a `default` made anew each time has a `factory`."""

    name: str
    default: Any
    metadata: Mapping[str, str]


def encode(log: object) -> str:
    """`log`, a tree of attrs objects as sarif-om has them, on one line of JSON that ends with a newline.

    Simple properties come before objects and arrays, so `version` is first (SARIF 2.1.0, section 3.13.2). Raises TypeError for a
    type that JSON does not know or an attribute that the class does not know, ValueError for NaN, infinity and None in an array.
    """
    return json.dumps(plain(log), ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def plain(value: object) -> Plain:
    """`value` as dicts, lists and scalars under the schema's names, without None and without defaults."""
    match value:
        case bool() | int():
            return value
        case str():
            return _text(value)
        case float():
            if not math.isfinite(value):
                raise ValueError(f"{value} is not JSON")
            return value
        case Mapping():
            entries = cast("Mapping[object, object]", value)
            return _object({_key(key): item for key, item in entries.items()})
        case list() | tuple():
            return [_item(item) for item in cast("Sequence[object]", value)]
        case _:
            return _object(_properties(value))


def _object(items: dict[str, object]) -> dict[str, Plain]:
    simple: dict[str, Plain] = {}
    nested: dict[str, Plain] = {}
    for name, item in items.items():
        if item is not None:
            entry = plain(item)
            (nested if isinstance(entry, dict | list) else simple)[name] = entry
    return simple | nested


def _properties(value: object) -> dict[str, object]:
    fields = _fields(type(value))
    attributes = vars(value)
    if len(attributes) != len(fields):
        unknown = sorted(set(attributes) - {attribute for attribute, _, _ in fields})
        raise TypeError(f"{type(value).__name__} has no {', '.join(unknown)}")
    return {
        name: attributes[attribute] for attribute, name, default in fields if attributes[attribute] != default
    }


def _fields(kind: type[object]) -> tuple[tuple[str, str, object], ...]:
    """Attribute, schema's name and default of a class's fields, as attrs leaves them there; nothing equals `_NO_DEFAULT`."""
    if kind not in _KNOWN:
        declared = getattr(kind, "__attrs_attrs__", None)
        if declared is None:
            raise TypeError(f"{kind.__name__} is not JSON")
        _KNOWN[kind] = tuple((each.name, *_name_and_default(kind, each)) for each in declared)
    return _KNOWN[kind]


def _name_and_default(kind: type[object], attribute: "_Attribute") -> tuple[str, object]:
    name = attribute.metadata["schema_property_name"]
    if (kind.__name__, name) in _ALWAYS:
        return name, _NO_DEFAULT
    return name, attribute.default.factory() if hasattr(attribute.default, "factory") else attribute.default


def _item(value: object) -> Plain:
    if value is None:
        raise ValueError("None in an array")
    return plain(value)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{key!r} is not a name")
    return _text(key)


def _text(text: str) -> str:
    """No lone surrogates: they are not UTF-8, and `sanitise` should have shown them as escapes before."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
