"""From the paths a user gave to the files that will be looked at, in an order that is always the same."""

import os
import stat
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from modelwarden.domain.record import record
from modelwarden.errors import UserError

_BOOKKEEPING = frozenset({".git", ".hg", ".svn"})
"""Directories of version control: their contents are stored elsewhere in the tree, or not at all."""


@record
class Target:
    """A file to look at. `named`: the user gave this very path. `obstacle`: why it must not be opened, or empty.

    `unread`: the obstacle hides what the user asked to be scanned (an unreadable directory), whatever its name. `too_large`: the
    obstacle is a limit of the user's (`Allowance`); `size` is then known.
    """

    path: str
    named: bool
    obstacle: str = ""
    unread: bool = False
    too_large: bool = False
    size: int = 0


def discover(paths: Sequence[str], exclude: Sequence[str] = ()) -> Iterator[Target]:
    """The files of `paths`, directories walked, each file once.

    Raises UserError for a path that does not exist, before the first file.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise UserError(f"no such file or directory: {path}")
    seen: set[str] = set()
    for path in paths:
        for target in _walk(path, exclude):
            key = os.path.abspath(target.path)
            if key not in seen:
                seen.add(key)
                yield target


def excluded(path: str, patterns: Sequence[str]) -> bool:
    """Whether a path, `/` between its parts, or a directory above it matches one of the globs.

    A glob without `/` is held against every part by itself, one with `/` against the path from its start. `*` also matches `/`.
    """
    parts = [part for part in path.split("/") if part not in ("", ".")]
    for pattern in patterns:
        glob = pattern.strip("/")
        if "/" not in glob:
            if any(fnmatchcase(part, glob) for part in parts):
                return True
        elif any(fnmatchcase("/".join(parts[: count + 1]), glob) for count in range(len(parts))):
            return True
    return False


def _walk(path: str, exclude: Sequence[str]) -> Iterator[Target]:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        yield Target(path, True, _reason(error))
        return
    if not stat.S_ISDIR(mode):
        if not excluded(_slashes(_named(path)), exclude):
            yield Target(path, True, "" if stat.S_ISREG(mode) else _SPECIAL)
        return
    yield from _directory(path, os.path.realpath(path), "", exclude)


_SPECIAL = "it is neither a file nor a directory, and opening it could block or have effects"


def _directory(path: str, root: str, inside: str, exclude: Sequence[str]) -> Iterator[Target]:
    """The files below a directory. `root`: the real path of the directory the user named; `inside`: the way from there."""
    pending = [(path, inside)]
    while pending:
        directory, inside = pending.pop()
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except OSError as error:
            yield Target(directory, False, _reason(error), unread=True)
            continue
        below: list[tuple[str, str]] = []
        for entry in entries:
            relative = f"{inside}{entry.name}"
            if excluded(_slashes(relative), exclude):
                continue
            if entry.is_symlink():
                obstacle = _astray(entry.path, root)
                if obstacle or _passed_by(entry.path, root, exclude):
                    yield Target(
                        entry.path, False, obstacle, unread=bool(obstacle) and os.path.isdir(entry.path)
                    )
            elif entry.is_dir(follow_symlinks=False):
                if entry.name not in _BOOKKEEPING:
                    below.append((entry.path, f"{relative}/"))
            elif entry.is_file(follow_symlinks=False):
                yield Target(entry.path, False)
            else:
                yield Target(entry.path, False, _SPECIAL)
        pending.extend(reversed(below))


def _astray(link: str, root: str) -> str:
    """Why a link is not followed; empty when its target lies in the tree, where it is met by itself."""
    real = os.path.realpath(link)
    if not os.path.exists(real):
        return "it is a link that leads nowhere"
    if real == root or real.startswith(root.rstrip(os.sep) + os.sep):
        return ""
    return "it is a link that leads outside the scanned directory"


def _passed_by(link: str, root: str, exclude: Sequence[str]) -> bool:
    """Whether a link leads to a file in the tree that the walk does not meet: git-annex keeps the content in `.git`."""
    real = os.path.realpath(link)
    inside = _slashes(os.path.relpath(real, root))
    return os.path.isfile(real) and (
        excluded(inside, exclude) or not _BOOKKEEPING.isdisjoint(inside.split("/"))
    )


def _named(path: str) -> str:
    """A named file as globs see it: from the current directory, or by its name alone when it lies elsewhere."""
    relative = (
        os.path.relpath(path)
        if os.path.splitdrive(path)[0] in ("", os.path.splitdrive(os.getcwd())[0])
        else path
    )
    return (
        relative if not relative.startswith("..") and not os.path.isabs(relative) else os.path.basename(path)
    )


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _slashes(path: str) -> str:
    return path.replace(os.sep, "/")
