"""Git itself, asked so that nothing runs that the repository names.

A repository that is scanned brings its own `.git/config`, and many a line of that is a command: filters, textconv, fsmonitor,
hooks, aliases, upload-pack. So Git is asked only for what it reads of its own files (history, trees, the index, names); it never
looks at the contents of a file of the working tree (`clean` and `process` filters), never at a submodule (whose configuration
would be obeyed as well), and fetches nothing (a partial clone runs what `remote.*.uploadpack` says when an object is missing).
"""

import os

from modelwarden.errors import UserError
from modelwarden.reports.visible import visible

_QUIET = (
    "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "core.quotePath=false",
    "--no-pager", "--literal-pathspecs",
)  # fmt: skip
"""The user's own settings (`safe.directory` in CI images, for one) stay in force: those are no part of what is scanned."""

_ELSEWHERE = frozenset({
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
})  # fmt: skip
"""What names another repository than the one asked about; a hook that runs us has it set."""


def ask(root: str, reference: str, *arguments: str) -> bytes:
    """What Git says in the repository whose top is `root`, and in no other; UserError when it cannot tell."""
    import subprocess

    try:
        result = subprocess.run(  # noqa: S603  # a fixed program, arguments without a shell
            ["git", *_QUIET, "-C", root, f"--work-tree={root}", *arguments],  # noqa: S607  # the user's own git
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env=environment(root),
        )
    except OSError as error:
        raise UserError("--changed-since needs git, and it cannot be run") from error
    if result.returncode:
        said = result.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = visible(said[0]) if said else "they have no common history"
        raise UserError(
            f"cannot tell what has changed since {visible(reference)}: {reason} (in CI, check out with the full "
            "history: fetch-depth: 0)"
        )
    return result.stdout


def environment(root: str) -> dict[str, str]:
    """The environment in which Git knows no repository but this one, and fetches nothing."""
    kept = {key: value for key, value in os.environ.items() if key.upper() not in _ELSEWHERE}
    return kept | {
        "GIT_CEILING_DIRECTORIES": os.path.dirname(os.path.realpath(root)),
        "GIT_NO_LAZY_FETCH": "1",
        # For versions of Git that do not know the above. The one protocol allowed has a name that no repository can guess: any
        # fixed one could be the URL of a remote, and an alias in its configuration the helper for it.
        "GIT_ALLOW_PROTOCOL": os.urandom(16).hex(),
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
