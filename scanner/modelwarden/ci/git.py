"""The Git repository around a path, found by looking, without running anything."""

import os
from collections.abc import Sequence


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
