"""What a pull or merge request changes, from what the CI system tells of it."""

from collections.abc import Mapping

from modelwarden.ci import git
from modelwarden.ci.context import bases
from modelwarden.domain.record import record
from modelwarden.errors import UserError


@record(kw_only=True)
class Changes:
    """`files`: the real paths of what has changed; None: everything is to be scanned. `remark`: why that is so, or empty.

    `failed`: there is a pull request, and what it changes cannot be told.
    """

    files: frozenset[str] | None
    remark: str = ""
    failed: bool = False


def of_request(environment: Mapping[str, str], *paths: str) -> Changes:
    """What the pull or merge request that we run for changes in the repository around `paths`.

    Never an error: a scan of too much is only slow, a scan of too little is none.
    """
    candidates = bases(environment, git.head(paths[0]))
    reason = ""
    for base in candidates:
        try:
            return Changes(files=git.changed_since(base, *paths))
        except UserError as error:
            reason = str(error)
    if not candidates:
        return Changes(files=None, remark="this is no pull request, so everything is scanned")
    return Changes(files=None, remark=f"everything is scanned: {reason}", failed=True)
