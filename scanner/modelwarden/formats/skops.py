"""skops: scikit-learn objects as a ZIP of arrays and a `schema.json` that names every class and function to build them from.

The loader imports and calls what the schema names, once the user calls it trusted; versions before the fixes of CVE-2025-54412
and CVE-2025-54413 did so unasked. Upstream: `skops/io/_general.py`, `skops/io/_sklearn.py` (nodes: `__module__`, `__class__`,
`__loader__`, `content`).

Checked: everything that is checked of a ZIP, and each class, function, method and operator that the schema names, at any depth.

Not checked: whether a node's kind and its class belong together, as the fixed versions do.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, Gap, How, Shortfall
from modelwarden.domain.value import UNKNOWN, Global, Value

_SCHEMA = "schema.json"
_MOST = 20_000
"""So many distinct names are told of one schema; real ones hold dozens."""


def _recognise(head: Head) -> bool:
    if not head.start.startswith(b"PK") or _SCHEMA.encode() not in head.tail:
        return False
    from modelwarden.domain.budget import Budget, Limits
    from modelwarden.parsing.zip.archive import Archive
    from modelwarden.parsing.zip.member import Members

    archive = Archive(head.source, Budget(Limits(expanded_bytes=64 << 20)))
    members = Members(archive)
    for entry in archive.entries:
        if entry.name == _SCHEMA:
            for fact in members.open(entry):
                if isinstance(fact, Child) and b'"__loader__"' in fact.source.read(0, 64 << 10):
                    return True
    return False


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.code_members import with_programs
    from modelwarden.parsing.zip.archive import Archive, duplicates
    from modelwarden.parsing.zip.escape import escapes
    from modelwarden.parsing.zip.member import Members

    archive = Archive(source, scope.budget)
    yield from archive.facts
    yield from duplicates(archive.entries)
    yield from escapes(archive)
    members = Members(archive)
    for entry in archive.entries:
        for fact in with_programs(members.open(entry)):
            yield fact
            if isinstance(fact, Child) and fact.member == _SCHEMA:
                yield from _nodes(fact.source, scope.budget.limits.text_bytes)


def _nodes(schema: ByteSource, longest: int) -> Iterator[Fact]:
    """What the schema names, each once."""
    import json  # only these files need it

    if schema.size > longest:
        detail = f"{_SCHEMA} of {schema.size:,} bytes is too long: none of it was read"
        yield Gap(Shortfall.LIMIT, detail, Span(0, schema.size))
        return
    data = schema.read(0, longest)
    try:
        document: object = json.loads(data)
    except (ValueError, RecursionError):
        yield Gap(Shortfall.MALFORMED, f"{_SCHEMA} is no JSON that is understood", Span(0, len(data)))
        return
    told: set[Call] = set()
    pending: list[object] = [document]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, dict):
            pending.extend(node.values())
            for call in _named(node, Span(0, len(data))):
                if call not in told:
                    told.add(call)
                    yield call
        if len(told) > _MOST:
            yield Gap(
                Shortfall.LIMIT,
                f"{_SCHEMA} names more than {_MOST:,} things: the rest of it was not looked at",
                Span(0, len(data)),
            )
            return


def _named(node: dict[str, object], span: Span) -> Iterator[Call]:
    """What one node has its loader import and call. A `type` node names the type, so does every object."""
    match node:
        case {"__module__": str(module), "__class__": str(name), **rest}:
            yield Call(Global(module, name), _arguments(rest), How.CLASS_NAME, span)
            match rest:
                case {"__loader__": "MethodNode", "content": {"func": str(method)}}:
                    yield Call(Global(module, f"{name}.{method}"), (), How.CLASS_NAME, span)
                case {"content": {"module_path": str(place), "function": str(function)}}:
                    yield Call(Global(place, function), (), How.CLASS_NAME, span)


def _arguments(rest: dict[str, object]) -> tuple[Value, ...]:
    """What an operator (`itemgetter`, `methodcaller`) is made with, where it is literal."""
    match rest:
        case {"__loader__": "OperatorFuncNode", "attrs": {"content": list(parts)}}:
            return tuple(_literal(part) for part in parts)
        case {"__loader__": "OperatorFuncNode"}:
            return (UNKNOWN,)
    return ()


def _literal(part: object) -> Value:
    match part:
        case {"content": str(text)}:
            return text.strip('"')
    return UNKNOWN


FORMAT = Format(
    name="skops",
    title="skops model",
    suffixes=(),
    ambiguous_suffixes=(".skops",),
    recognise=_recognise,
    observe=_observe,
    runs_code=True,
    refines=("zip",),
)
