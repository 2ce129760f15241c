"""The numbers of the storages of a torch archive: the pickle names the type and length of each, a member holds it.

Upstream: `persistent_id` in `torch/serialization.py`: `("storage", class, key, location, count)`; the member is called
`data/<key>`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import ByteSource, Scope
from modelwarden.domain.observation import Numbers, PersistentId
from modelwarden.domain.value import Global
from modelwarden.parsing.pickle.streams import streams
from modelwarden.parsing.weights import numbers
from modelwarden.parsing.zip.entry import Entry

_FLOATS: Final = {
    "FloatStorage": "<f4", "HalfStorage": "<f2", "BFloat16Storage": "bf16", "DoubleStorage": "<f8",
}  # fmt: skip
_OPCODES: Final = 20_000_000


def storages(
    entries: Sequence[Entry],
    opened: Callable[[Entry], ByteSource | None],
    is_pickle: Callable[[Entry], bool],
) -> Iterator[Numbers]:
    """What the numbers of each storage are like; of stored members in the order of bytes that nearly all machines have."""
    members = {entry.name: entry for entry in entries}
    for entry in entries:
        content = opened(entry) if is_pickle(entry) else None
        folder = entry.name.removesuffix("data.pkl")
        if content is None or _is_big_endian(members.get(f"{folder}byteorder"), opened):
            continue
        for key, (dtype, count) in _named(content).items():
            member = members.get(f"{folder}data/{key}")
            storage = opened(member) if member is not None else None
            if storage is not None:
                yield from numbers(storage, f"data/{key}", dtype, (count,), 0)


def _is_big_endian(member: Entry | None, opened: Callable[[Entry], ByteSource | None]) -> bool:
    content = opened(member) if member is not None else None
    return content is not None and content.read(0, 3) == b"big"


def _named(pickle: ByteSource) -> dict[str, tuple[str, int]]:
    """Key of each storage of floating-point numbers -> its type and how many there are."""
    found: dict[str, tuple[str, int]] = {}
    try:
        for fact in streams(pickle, Scope(Budget(Limits(opcodes=_OPCODES)))):
            match fact:
                case PersistentId(("storage", Global("torch", name), str(key), _, int(count), *_)):
                    if name in _FLOATS and count >= 0:
                        found[key] = _FLOATS[name], count
    except LimitReached:
        pass  # the reader of the pickle says where
    return found
