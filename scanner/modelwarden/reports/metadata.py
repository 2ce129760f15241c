"""What files say of themselves: as a table, as JSON, as YAML. The same document in all three; its text is the attacker's.

The keys are those of docs/inventory.md. Within a schema version keys are added, never changed.
"""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from modelwarden.domain.finding import Finding
from modelwarden.domain.report import Coverage, Report, ScannedFile
from modelwarden.domain.severity import Severity
from modelwarden.reports.issues import exact
from modelwarden.reports.lines import BLANK, Line, Part, Style, line
from modelwarden.reports.visible import MESSAGE, visible

SCHEMA_VERSION: Final = 1
SECURITY: Final = frozenset(
    "auto-map auto-mapping trust-remote-code custom-pipelines requirement loader-module template chat-template program code "
    "custom-operator reference-tensors reference-shard reference-stand-in reference-linked reference-input reference-library "
    "reference-download reference-link-out".split()
)
"""Keys of what can run, be fetched or be read from elsewhere."""
_TENSOR: Final = "tensor"
_ROWS: Final = 20
"""Tensors and layers that a table shows of one artifact."""
_LONG: Final = frozenset({_TENSOR, "layer", "metadata"})
_NUMBERS: Final = frozenset(
    "tensors parameters tensor-bytes storages layers operators vocabulary context-length embedding-length hidden-size".split()
)
Json: TypeAlias = "str | int | list[Json] | dict[str, Json] | None"


class Layout(StrEnum):
    """How the document is written."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


def document(report: Report, *, security_only: bool = False) -> dict[str, Json]:
    """The document, without a format yet. Files of no format are in it when they say something, such as a licence."""
    findings = _by_file(report)
    return {
        "schema_version": SCHEMA_VERSION,
        "files": [
            _file(file, findings.get(file.path, []), security_only)
            for file in report.files
            if file.coverage is not Coverage.UNSUPPORTED or file.properties
        ],
    }


def metadata_json(report: Report, *, security_only: bool = False) -> str:
    """ASCII, so that any terminal can take it."""
    return json.dumps(document(report, security_only=security_only), indent=2) + "\n"


def metadata_yaml(report: Report, *, security_only: bool = False) -> str:
    """Block style; every text in quotation marks, so that no reader takes it for anything else."""
    return "".join(f"{row}\n" for row in _yaml(document(report, security_only=security_only), ""))


def metadata_table(report: Report, *, security_only: bool = False) -> Iterator[Line]:
    """For people: a block for every file, within it one for every member that says something."""
    shown = 0
    findings = _by_file(report)
    for file in report.files:
        if file.coverage is Coverage.UNSUPPORTED and not file.properties:
            continue
        if shown:
            yield BLANK
        shown += 1
        yield from _block(file, findings.get(file.path, []), security_only)
    if not shown:
        yield line("No file of a format that is known here.")


def _by_file(report: Report) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for one in report.findings:
        found.setdefault(one.path.file, []).append(one)
    return found


def _block(file: ScannedFile, findings: Sequence[Finding], security_only: bool) -> Iterator[Line]:
    yield line(Part(visible(file.path), Style.STRONG))
    yield line(", ".join(file.formats) or "no model format", label="  format                ")
    yield line(f"{file.size:,} bytes", label="  size                  ")
    if file.reason and file.coverage is not Coverage.UNSUPPORTED:
        yield line(visible(file.reason, MESSAGE), label=Part("  not read whole        ", Style.WARNING))
    groups = _grouped(file, security_only)
    for member, properties in groups.items():
        if member:
            yield line(Part(visible(member), Style.STRONG), indent=2)
        for key, values in properties.items():
            yield from _rows(key, values, 4 if member else 2)
    if not groups:
        yield line("nothing of this kind is stated", indent=2)
    for one in findings:
        if one.rule.severity >= Severity.WARNING or security_only:
            label = Part(f"  {one.rule.id:<22}", Style[one.rule.severity.name])
            yield line(visible(one.message, MESSAGE), label=label)


def _rows(key: str, values: Sequence[str], indent: int) -> Iterator[Line]:
    label = f"{' ' * indent}{visible(key):<{24 - indent}}"
    if key not in _LONG:
        shown = ", ".join(_written(key, value) for value in values[:_ROWS])
        more = f", and {len(values) - _ROWS:,} more" if len(values) > _ROWS else ""
        yield line(f"{shown}{more}" or "(empty)", label=label)
        return
    for number, value in enumerate(values[:_ROWS]):
        yield line(visible(value) or "(empty)", label=label if not number else " " * 24)
    if len(values) > _ROWS:
        yield line(f"and {len(values) - _ROWS:,} more: --format json shows them", label=" " * 24)


def _written(key: str, value: str) -> str:
    number = _number(key, value)
    return f"{number:,}" if number is not None else visible(value) or "(empty)"


def _number(key: str, value: str) -> int | None:
    return int(value) if key in _NUMBERS and value.isascii() and value.isdigit() and len(value) < 20 else None


def _grouped(file: ScannedFile, security_only: bool) -> dict[str, dict[str, list[str]]]:
    """Member → key → its values, in the order they were stated, the file itself first."""
    groups: dict[str, dict[str, list[str]]] = {}
    for member, key, value in sorted(file.properties, key=lambda one: one[0] != ""):
        if not security_only or key in SECURITY:
            groups.setdefault(member, {}).setdefault(key, []).append(value)
    return groups


def _file(file: ScannedFile, findings: Sequence[Finding], security_only: bool) -> dict[str, Json]:
    groups = _grouped(file, security_only)
    return {
        "path": exact(file.path),
        "size": file.size,
        "formats": list(file.formats),
        "coverage": file.coverage.value,
        "reason": exact(file.reason),
        "properties": _properties(groups.get("", {})),
        "members": [
            {"member": exact(member), "properties": _properties(keys)}
            for member, keys in groups.items()
            if member
        ],
        "findings": [
            {"rule": one.rule.id, "severity": one.rule.severity.name.lower(), "message": exact(one.message)}
            for one in findings
        ],
    }


def _properties(keys: dict[str, list[str]]) -> dict[str, Json]:
    """Every key with a list of its values: one kind of thing, however many there are."""
    return {
        exact(key): [_tensor(value) if key == _TENSOR else _value(key, value) for value in values]
        for key, values in keys.items()
    }


def _value(key: str, value: str) -> Json:
    number = _number(key, value)
    return exact(value) if number is None else number


def _tensor(value: str) -> Json:
    dtype, _, rest = value.partition(" ")
    sizes, _, name = rest.partition(" ")
    shape: list[Json] = [int(size) for size in sizes.split("x") if size.isdigit()]
    return {"name": exact(name), "dtype": exact(dtype), "shape": shape}


def _yaml(node: Json, indent: str) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _entry(f"{indent}{_scalar(key)}:", value, f"{indent}  ")
    elif isinstance(node, list):
        for value in node:
            inner = list(_yaml(value, f"{indent}  ")) if _is_filled(value) else [_scalar(value)]
            yield f"{indent}- {inner[0].strip()}"
            yield from inner[1:]


def _entry(head: str, value: Json, indent: str) -> Iterator[str]:
    if _is_filled(value):
        yield head
        yield from _yaml(value, indent)
    else:
        yield f"{head} {_scalar(value)}"


def _is_filled(value: Json) -> bool:
    return isinstance(value, (dict, list)) and bool(value)


def _scalar(value: Json) -> str:
    """As JSON writes it, which is YAML, too, but for pairs of surrogates: what cannot be printed is escaped as YAML does."""
    written = json.dumps(value, ensure_ascii=False)
    if written.isprintable():
        return written
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in written)
