"""The oldest layout of PyTorch: a TAR archive with `sys_info`, `pickle`, `tensors` and `storages`. `torch.load` still reads it.

Upstream: `torch/serialization.py`, `legacy_load` inside `_legacy_load`. The loader opens `storages` first: a pickle with a count,
then for each storage a pickle (key, location, type) and its raw numbers, then a pickle with the views. `tensors` is alike, with
the sizes and strides between the pickles. Before torch 2.6 `weights_only=True` did not hold here (CVE-2025-32434).

Checked: Every pickle that the loader reads, those between the numbers included, links between members, and every other member as
whatever it is.

Not checked: The numbers; whether the parts agree with one another.
"""

import posixpath
from collections.abc import Callable, Iterator
from contextlib import suppress

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Import, Quirk, Shortfall
from modelwarden.domain.value import Global
from modelwarden.parsing.pickle.streams import looks_like_a_pickle, streams
from modelwarden.parsing.tar.contents import content, entries, opened, shortfall
from modelwarden.parsing.tar.headers import BLOCK, Member, is_header
from modelwarden.source.slice import SliceSource

_STACKED = ("storages", "tensors")
_SINGLE = ("pickle", "sys_info")
_ROLES = frozenset((*_STACKED, *_SINGLE))
_LINKS = 8
"""A chain of links longer than this leads nowhere."""

_ITEM_BYTES = {
    "Double": 8, "Float": 4, "Half": 2, "BFloat16": 2, "Long": 8, "Int": 4, "Short": 2, "Char": 1, "Byte": 1, "Bool": 1,
    "ComplexDouble": 16, "ComplexFloat": 8, "QInt32": 4, "QInt8": 1, "QUInt8": 1, "QUInt4x2": 1, "QUInt2x4": 1,
}  # fmt: skip
_ITEM_SIZES = frozenset((1, 2, 4, 8, 16))

_Skip = Callable[[ByteSource, int, frozenset[Global]], int | str]
"""From the end of a pickle and what it imports to the next pickle; or what is wrong."""


def _recognise(head: Head) -> bool:
    if not is_header(head.start[:BLOCK]):
        return False
    roles = _roles(head.source, Budget(Limits()))
    found = {role for played in roles.values() for role, _ in played}
    if found >= {"storages", "tensors", "pickle"}:
        return True
    first = next((member for played in roles.values() for role, member in played if role == "storages"), None)
    return first is not None and looks_like_a_pickle(content(head.source, first))


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    detail = "torch.load unpickles every part of it, before 2.6 with weights_only=True as well"
    yield Anomaly(Quirk.LEGACY_LOADER, "TAR layout", detail, Span(0, BLOCK))
    roles = _roles(source, Budget(scope.budget.limits))
    for entry in entries(source, scope.budget):
        if not isinstance(entry, Member):
            yield entry
        elif entry.offset not in roles:
            yield from opened(source, entry)
        for role, member in roles.get(entry.offset, ()) if isinstance(entry, Member) else ():
            yield from _as_torch_reads_it(source, member, role, scope)


def _roles(source: ByteSource, budget: Budget) -> dict[int, list[tuple[str, Member]]]:
    """For the offset of each member that torch reads: as what. Links are followed as `tarfile` does. Never raises."""
    known: list[Member] = []
    with suppress(LimitReached):
        for entry in entries(source, budget):
            if isinstance(entry, Member):
                known.append(entry)
    by_name = {posixpath.normpath(member.name): member for member in known}
    roles: dict[int, list[tuple[str, Member]]] = {}
    for member in known:
        if member.name.rstrip("/") not in _ROLES:
            continue
        target: Member | None = member
        for _ in range(_LINKS):
            if target is None or not target.is_link:
                break
            target = by_name.get(posixpath.normpath(target.link))
        if target is not None and target.is_file:
            roles.setdefault(target.offset, []).append((member.name.rstrip("/"), target))
    return roles


def _as_torch_reads_it(source: ByteSource, member: Member, role: str, scope: Scope) -> Iterator[Fact]:
    yield from shortfall(source, member)
    held = content(source, member)
    if role in _SINGLE:
        yield Child(member.name, held, "pickle")
    else:
        yield from _stacked(
            held, member.name, _behind_numbers if role == "storages" else _behind_sizes, scope
        )


def _stacked(held: ByteSource, name: str, skip: _Skip, scope: Scope) -> Iterator[Fact]:
    """Each pickle of a member as a child: the first is a count, the others have something else between them."""
    offset = 0
    while offset < held.size:
        end, imports = _one_pickle(SliceSource(held, offset, held.size - offset), scope)
        end += offset
        yield Child(f"{name}+{offset}" if offset else name, SliceSource(held, offset, end - offset), "pickle")
        if not offset or end >= held.size:
            offset = end
            continue
        scope.budget.spend_members()
        following = skip(held, end, imports)
        if isinstance(following, str):
            yield Gap(Shortfall.MALFORMED, f"{name}: {following}", Span(end, held.size - end))
            yield Child(f"{name}+{end}", SliceSource(held, end, held.size - end))
            return
        offset = following


def _one_pickle(source: ByteSource, scope: Scope) -> tuple[int, frozenset[Global]]:
    """Where the pickle at the start ends (the size when it breaks), and which globals it imports."""
    imports: set[Global] = set()
    run = streams(source, Scope(Budget(scope.budget.limits)), exactly=1)
    while True:
        try:
            fact = next(run)
        except StopIteration as end:
            return end.value, frozenset(imports)
        if isinstance(fact, Import):
            imports.add(fact.target)


def _behind_numbers(held: ByteSource, end: int, imports: frozenset[Global]) -> int | str:
    """A storage: a count, 8 bytes, and as many numbers of the type that the pickle names."""
    count = int.from_bytes(held.read(end, 8), "little")
    sizes = {
        _ITEM_BYTES[name.removesuffix("Storage")]
        for name in (target.name for target in imports if target.module in ("torch", "torch.cuda"))
        if name.removesuffix("Storage") in _ITEM_BYTES
    }
    start = end + 8
    if len(sizes) == 1:
        following = start + count * sizes.pop()
        return following if following <= held.size else "its numbers go on behind the end"
    fitting = [start + count * size for size in sorted(sizes or _ITEM_SIZES)]
    fitting = [place for place in fitting if held.read(place, 2)[:1] == b"\x80"]
    return fitting[0] if len(fitting) == 1 else "numbers follow whose type is not known"


def _behind_sizes(held: ByteSource, end: int, imports: frozenset[Global]) -> int | str:
    """A tensor: the count of dimensions in 8 bytes (half of them used), a size and a stride for each, and the offset."""
    dimensions = int.from_bytes(held.read(end, 4), "little")
    following = end + 8 + 16 * dimensions + 8
    return following if following <= held.size else "its sizes go on behind the end"


FORMAT = Format(
    name="pytorch-tar",
    title="PyTorch checkpoint (oldest layout, TAR)",
    suffixes=(),
    ambiguous_suffixes=(".tar",),
    recognise=_recognise,
    observe=_observe,
    runs_code=True,
    refines=("tar",),
)
