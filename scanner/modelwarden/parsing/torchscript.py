"""The operators that TorchScript code names, found token by token: no parser that could run out of stack, nothing evaluated.

Source: `torch/csrc/jit/frontend/lexer.h` and `torch/csrc/jit/serialization/import_source.cpp` (what `torch`, `ops` and
`__torch__` stand for). A module may get another name (`t = torch`), stand in parentheses, and be asked by `getattr`; it may not
be an item of anything. All three spellings are undone here.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Operator, Shortfall

_TOKEN: Final = re.compile(
    rb"(?P<name>[A-Za-z_]\w*+)"
    rb"|(?P<text>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+(?:\"\"\")?+|'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?+"
    rb"|\"(?:[^\"\\\n]|\\.)*+\"?+|'(?:[^'\\\n]|\\.)*+'?+)"
    rb"|(?P<note>#[^\n]*+)"
    rb"|(?P<line>\n)"
    rb"|(?P<space>(?:[ \t\r\f]|\\\r?\n)++)"
    rb"|(?P<number>\d[\w.]*+)"
    rb"|(?P<mark>[=<>!]=|[\s\S])",
    re.DOTALL,
)
_CALL_IN_TYPE: Final = re.compile(rb"#\s*type:[^\n]*?[A-Za-z_\]]\s*\(")
"""A type comment that calls something: `torch.jit.annotations.parse_type_line` evaluated it once (CVE-2022-45907)."""
_ESCAPE: Final = re.compile(rb"\\(?:([0-7]{1,3})|([\s\S]))")
_CONTROL: Final = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"\n": b""}

_SHOWN: Final = 200
_PARTS: Final = 8
_STATEMENT: Final = 100_000
_STEPS: Final = 100_000
_ROOTS: Final = frozenset(("torch", "ops", "__torch__"))
_OPENING: Final = (b"(", b"[", b"{")
_CLOSING: Final = (b")", b"]", b"}")

ANNOTATION: Final = "annotation"
"""The domain of a type comment that calls something."""
CLASSES: Final = "torch.classes"
"""The domain of a class in native code; its operator is `namespace.Name`."""

Chain: TypeAlias = tuple[str, ...]
"""A dotted name; it begins with an empty part when it is looked up on something that is no name."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A token, or several that were found to be one dotted name or one text. `kind`: chain, text, number or mark."""

    kind: str
    offset: int
    mark: bytes = b""
    chain: Chain = ()


def operators(code: bytes) -> Iterator[Operator | Gap]:
    """The operators in the code of one member, each once, where it is first named. In time linear to `code`. Never raises."""
    names = _Names()
    items: list[_Item] = []
    depth = 0
    for match in _TOKEN.finditer(code):
        kind, mark, offset = match.lastgroup or "", match[0], match.start()
        if kind == "note" and _CALL_IN_TYPE.match(mark):
            detail = mark[:_SHOWN].decode("utf-8", "replace")
            yield Operator(ANNOTATION, "type", detail, Span(offset, len(mark)))
        elif kind == "name":
            items.append(_Item("chain", offset, chain=(mark[:_SHOWN].decode("ascii"),)))
            _join_names(items)
        elif kind == "text":
            items.append(_Item("text", offset, _unquoted(mark)))
            _join_texts(items)
        elif kind == "number" or kind == "mark":
            items.append(_Item(kind, offset, mark[:2]))
            depth = max(0, depth + (mark in _OPENING) - (mark in _CLOSING))
            if mark == b")":
                _close(items)
        if (kind == "line" and depth == 0) or len(items) > _STATEMENT:
            names.take(items)
            items.clear()
    names.take(items)
    yield from names.operators()


def _join_names(items: list[_Item]) -> None:
    """`a . b` is one dotted name."""
    if len(items) > 1 and items[-2].mark == b".":
        name = items.pop()
        items.pop()
        owner = (
            items.pop() if items and items[-1].kind == "chain" else _Item("chain", name.offset, chain=("",))
        )
        items.append(_Item("chain", owner.offset, chain=(owner.chain + name.chain)[:_PARTS]))


def _join_texts(items: list[_Item]) -> None:
    """Two texts beside each other are one; of a long one only the start is of interest."""
    if len(items) > 1 and items[-2].kind == "text":
        last = items.pop()
        first = items.pop()
        items.append(_Item("text", first.offset, (first.mark + last.mark)[:_SHOWN]))


def _close(items: list[_Item]) -> None:
    """`(a.b)` is `a.b`, `("x")` is `"x"`, `getattr(a, "x")` is `a.x`."""
    if len(items) > 2 and items[-3].mark == b"(" and items[-2].kind in ("chain", "text"):
        before = items[-4] if len(items) > 3 else None
        if before is None or (before.kind == "mark" and before.mark not in (b")", b"]")):
            inner = items[-2]
            del items[-3:]
            items.append(inner)
        return
    match items[-6:]:
        case [
            _Item("chain", offset, _, ("getattr",)),
            _Item("mark", _, b"("),
            _Item("chain", _, _, owner),
            _Item("mark", _, b","),
            _Item("text", _, word),
            _Item("mark"),
        ]:
            del items[-6:]
            chain = (*owner, *word.decode("utf-8", "replace").split("."))[:_PARTS]
            items.append(_Item("chain", offset, chain=chain))


class _Names:
    """The dotted names of all statements so far, and what names were made to stand for."""

    def __init__(self) -> None:
        self._chains: dict[Chain, int] = {}
        self._renamed: dict[str, dict[Chain, None]] = {}
        self._too_long: int | None = None

    def take(self, items: list[_Item]) -> None:
        """Take one statement, or as much as is looked at in one piece."""
        if len(items) > _STATEMENT and self._too_long is None:
            self._too_long = items[0].offset
        for item in items:
            if item.kind == "chain":
                self._chains.setdefault(item.chain, item.offset)
        if items and items[-1].kind == "chain":
            for target in _targets(items):
                self._renamed.setdefault(target, {})[items[-1].chain] = None

    def operators(self) -> Iterator[Operator | Gap]:
        """Every operator that a dotted name leads to, whatever its module was called."""
        meanings, complete = _meanings(self._renamed)
        seen: set[tuple[str, str]] = set()
        for chain, offset in self._chains.items():
            for meant in (chain, *((*start, *chain[1:]) for start in meanings.get(chain[0], ()))):
                operator = _operator(meant)
                if operator is not None and operator not in seen:
                    seen.add(operator)
                    detail = ".".join(chain)[:_SHOWN]
                    yield Operator(*operator, detail, Span(offset, len(detail)))
        if self._too_long is not None or not complete:
            detail = "a statement is too long, or too many names stand for others: some calls may not have been recognised"
            yield Gap(Shortfall.LIMIT, detail, Span(self._too_long or 0))


def _targets(items: list[_Item]) -> Iterator[str]:
    """The names that stand for the last item of a statement: those of `a = b = item` and of `a : T = item`."""
    if len(items) > 1 and items[-2].mark == b"=":
        for name, mark in itertools.pairwise(items):
            if name.kind == "chain" and len(name.chain) == 1 and mark.mark in (b"=", b":"):
                yield name.chain[0]


def _meanings(renamed: dict[str, dict[Chain, None]]) -> tuple[dict[str, dict[Chain, None]], bool]:
    """Name -> what of torch it may stand for, and whether that is all. Names that stand for nothing of torch are left out."""
    users: dict[str, list[tuple[str, Chain]]] = {}
    queue: list[tuple[str, Chain]] = []
    for name, chains in renamed.items():
        for chain in chains:
            if chain[0] in _ROOTS:
                queue.append((name, chain))
            else:
                users.setdefault(chain[0], []).append((name, chain[1:]))
    found: dict[str, dict[Chain, None]] = {}
    steps = 0
    while queue:
        name, chain = queue.pop()
        meanings = found.setdefault(name, {})
        if chain in meanings:
            continue
        steps += 1
        if steps > _STEPS:
            return found, False
        meanings[chain] = None
        queue.extend((user, (*chain, *rest)[:_PARTS]) for user, rest in users.get(name, ()))
    return found, True


def _operator(chain: Chain) -> tuple[str, str] | None:
    """Domain and name of the operator that a dotted name is; None when it is none."""
    match chain:
        case ("torch", name, *_):
            return "aten", name
        case ("ops", domain, name, *_):
            return domain, name
        case ("__torch__", "torch", "classes", domain, name, *_):
            return CLASSES, f"{domain}.{name}"
    return None


def _unquoted(text: bytes) -> bytes:
    """The start of what a quoted text stands for."""
    width = 3 if text[:3] in (b'"""', b"'''") else 1
    return _ESCAPE.sub(_unescaped, text[width : len(text) - width][: 4 * _SHOWN])[:_SHOWN]


def _unescaped(match: re.Match[bytes]) -> bytes:
    octal, other = match.groups()
    return bytes((int(octal, 8) & 0xFF,)) if octal is not None else _CONTROL.get(other, other)
