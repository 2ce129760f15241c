"""What stands beside a file on disk: the other files its loader reads together with it, or in its place.

Nothing is followed out of the file's own directory, except into the cache of the DVC repository that the file lies in. Where a
reference leads elsewhere its text is for the policies to judge; here it is not looked up.
"""

import os
import re
import stat
from collections.abc import Iterator

from modelwarden.domain.location import climbs
from modelwarden.domain.observation import Gap, Reference, Role, Shortfall
from modelwarden.domain.preview import shorten
from modelwarden.domain.record import record, replace

_BESIDE = {
    Role.TENSORS: "which holds tensors of this model",
    Role.SHARD: "which is a part of this checkpoint",
}
_ELSEWHERE = r"[/\\~]|[A-Za-z]:|[A-Za-z][A-Za-z0-9+.-]*://"
"""How a location begins that is not relative to the file."""

_PLACED_TOGETHER = 3
"""Tools that keep files in a store and link them into place (Hugging Face, DVC) spread them over so many directories."""

_HASH = r"([0-9a-f]{2})([0-9a-f]{30,126})(\.dir)?"
_LISTING_BYTES = 16 << 20
_LISTED = 100_000


@record
class StandIn:
    """A file to scan in the place of a pointer: how the pointer calls it, and where it lies."""

    name: str
    path: str


def consult(file: str, reference: Reference, *, named: bool = False) -> Iterator[Reference | Gap | StandIn]:
    """What there is to say about what `reference`, in the file on disk `file`, points at. Opens nothing but DVC's listings.

    `named`: the user gave this very file, so what a pointer stands for is to be scanned even where it lies beside it.
    """
    location = reference.location
    if not location or "\0" in location or re.match(_ELSEWHERE, location) or climbs(location):
        return
    target = os.path.join(os.path.dirname(file), *location.replace("\\", "/").split("/"))
    if reference.role in _BESIDE:
        if not os.path.exists(target):
            detail = f"{shorten(location)}, {_BESIDE[reference.role]}, is not there"
            yield Gap(Shortfall.ABSENT, detail, reference.span)
        elif _leads_out(file, target):
            yield replace(reference, role=Role.LINK_OUT)
    elif reference.role is Role.STAND_IN:
        if named and os.path.isfile(target):
            yield StandIn(location, target)
        elif named or not os.path.exists(target):
            yield from _stand_ins(file, reference)


def _leads_out(file: str, target: str) -> bool:
    """Whether links lead from beside `file` to elsewhere, and not both of them into one store."""
    home = os.path.realpath(os.path.dirname(file) or ".")
    real = os.path.realpath(target)
    if _below(real, home):
        return False
    store = os.path.realpath(file)
    if _below(store, home):
        return True
    for _ in range(_PLACED_TOGETHER):
        store = os.path.dirname(store)
    return os.path.dirname(store) == store or not _below(real, store)


def _below(path: str, directory: str) -> bool:
    return path.startswith(os.path.join(directory, ""))


def _stand_ins(file: str, reference: Reference) -> Iterator[Gap | StandIn]:
    """What the cache holds of what a pointer stands for."""
    missing = Gap(
        Shortfall.ABSENT,
        f"{shorten(reference.location)}, which this file stands for, is not there (for a DVC pointer, run `dvc pull`)",
        reference.span,
    )
    cached = _in_cache(file, reference.holder)
    if cached is None:
        yield missing
    elif not cached.endswith(".dir"):
        yield StandIn(reference.location, cached)
    else:
        yield from _listed(file, cached, reference, missing)


def _in_cache(file: str, digest: str) -> str | None:
    """The object of that hash in the cache of the repository around `file`, or None."""
    match = re.fullmatch(_HASH, digest)
    if match is None:
        return None
    directory = os.path.dirname(os.path.abspath(file))
    while not os.path.isdir(os.path.join(directory, ".dvc")):
        above = os.path.dirname(directory)
        if above == directory:
            return None
        directory = above
    rest = match[2] + (match[3] or "")
    for layout in (("files", "md5"), ()):  # DVC 3, and before
        path = os.path.join(directory, ".dvc", "cache", *layout, match[1], rest)
        try:
            if stat.S_ISREG(os.lstat(path).st_mode):
                return path
        except OSError:
            continue
    return None


def _listed(file: str, listing: str, reference: Reference, missing: Gap) -> Iterator[Gap | StandIn]:
    """The objects of a directory that DVC keeps: `[{"md5": …, "relpath": …}, …]`."""
    import json  # only DVC's directories need it

    try:
        with open(listing, "rb") as opened:
            entries: object = json.loads(opened.read(_LISTING_BYTES))
    except (OSError, ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list) or len(entries) > _LISTED:
        yield Gap(Shortfall.MALFORMED, "DVC's listing of the directory cannot be read", reference.span)
        return
    for entry in entries:
        match entry:
            case {"md5": str(digest), "relpath": str(name)}:
                cached = _in_cache(file, digest)
                if cached is None:
                    yield replace(missing, detail=f"{shorten(name)}: {missing.detail}")
                else:
                    yield StandIn(f"{reference.location}/{name}", cached)
            case _:
                yield Gap(
                    Shortfall.MALFORMED, "DVC's listing of the directory cannot be read", reference.span
                )
