"""The Git repository around a path: its top is found by looking; only what has changed is asked of Git itself."""

import os
from collections.abc import Iterator, Sequence

from modelwarden.ci.plumbing import ask
from modelwarden.errors import UserError


def repository_root(path: str) -> str | None:
    """The nearest directory at or above `path` that holds `.git` (a directory, or a file in worktrees and submodules).

    Absolute, links resolved; None outside a repository.
    """
    directory = os.path.realpath(path)
    while not os.path.exists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def root_of(paths: Sequence[str]) -> str:
    """The absolute directory that report paths are relative to: the repository we are in, else the current directory.

    When none of the `paths` lies in there, the repository or directory that holds them all: a report that can name nothing
    helps nobody.
    """
    here = repository_root(os.curdir) or os.path.realpath(os.curdir)
    real = [os.path.realpath(path) for path in paths]
    try:
        if any(os.path.commonpath([here, path]) == here for path in real):
            return here
        common = os.path.commonpath([path if os.path.isdir(path) else os.path.dirname(path) for path in real])
    except ValueError:  # several drives
        return here
    return repository_root(common) or common


def head(directory: str) -> str:
    """The commit that is checked out around `directory`, or empty where that cannot be told."""
    root = repository_root(directory)
    try:
        return ask(root, "HEAD", "rev-parse", "HEAD").decode("ascii").strip() if root else ""
    except UserError:
        return ""


def changed_since(reference: str, *paths: str) -> frozenset[str]:
    """The real paths of all files that differ from where the current branch left `reference`, or that Git does not know yet.

    In the repository around the first of `paths`, which has to hold the others too: of those nothing would be known.

    Added, modified and renamed ones; uncommitted changes count. A submodule that differs, and a repository inside this one that
    Git does not know, count with every file in them. Nothing runs that the repository's configuration names (see `plumbing`).
    Raises UserError outside a repository, without Git, and for a reference that is unknown, of which objects are missing (a
    partial clone), or that has no common history with what is checked out (a shallow clone).
    """
    root = repository_root(paths[0])
    if root is None:
        raise UserError("--changed-since needs a Git repository, and there is none here")
    for path in paths:
        if not _lies_in(os.path.realpath(path), root):
            raise UserError(f"--changed-since knows one repository, and {path} lies in none or in another")
    from modelwarden.ci.worktree import differing  # hashes and patterns: seldom needed

    base = ask(root, reference, "merge-base", "--end-of-options", reference, "HEAD").strip().decode("ascii")
    return frozenset(file for path in differing(root, reference, base) for file in _files(path))


def _lies_in(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip(os.sep) + os.sep)


def _files(path: str) -> Iterator[str]:
    """The real path of what Git calls changed; of all that is in it when that is another repository."""
    if os.path.islink(path) or not os.path.isdir(path):
        yield os.path.realpath(path)
        return
    for folder, _, files in os.walk(path):
        yield from (os.path.realpath(os.path.join(folder, file)) for file in files)
