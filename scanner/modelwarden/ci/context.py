"""Where a run stands on GitHub: repository, commit and ref, and whether its results may be uploaded at all.

From the runner's variables and the event file:
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows and `variables`.
"""

import json
import re
from collections.abc import Mapping

from modelwarden.domain.record import record, replace
from modelwarden.errors import UserError

API = "https://api.github.com"
_QUEUE = "refs/heads/gh-readonly-queue/"
_ELSEWHERE = frozenset({"pull_request_target", "workflow_run", "issue_comment"})
"""Events whose commit is the default branch's, whatever was checked out and scanned."""

_PULL_REQUESTS = frozenset({"pull_request", "pull_request_target"})
_MOST_BYTES = 16 << 20
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_SHA = re.compile(r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?")
_MERGE = re.compile(r"refs/pull/\d+/merge")
_REF = re.compile(r"refs/(?:heads|tags)/[^\s\x00-\x1f\x7f~^:?*\[\\]+|refs/pull/\d+/(?:merge|head)")


@record(kw_only=True)
class Context:
    """`repository` as owner/name, `ref` in full (`refs/heads/main`), `sha` of the commit that was scanned, `api` without a `/` at
    its end.

    `event`: its name, or empty outside GitHub Actions. `fork`: the pull request comes from another repository, so the token may
    only read. `obstacle`: why results must not be uploaded for this run, or empty.
    """

    repository: str
    ref: str
    sha: str
    api: str = API
    event: str = ""
    fork: bool = False
    obstacle: str = ""


def context(
    environment: Mapping[str, str],
    *,
    head: str = "",
    repository: str = "",
    ref: str = "",
    sha: str = "",
    api: str = "",
) -> Context:
    """What is known from the environment; what is given explicitly comes first, `ref` and `sha` only as a pair.

    `head`: the commit that is checked out, or empty when that is not known. Raises UserError when something is missing or out of
    shape.
    """
    if bool(ref) != bool(sha):
        raise UserError("--ref and --sha belong together: give both or none")
    event_name = environment.get("GITHUB_EVENT_NAME", "")
    found = Context(
        repository=repository or environment.get("GITHUB_REPOSITORY", ""),
        ref=ref or environment.get("GITHUB_REF", ""),
        sha=sha or environment.get("GITHUB_SHA", ""),
        api=(api or environment.get("GITHUB_API_URL", "") or API).rstrip("/"),
        event=event_name,
    )
    event = _event(environment.get("GITHUB_EVENT_PATH", ""))
    if not ref:
        found = _of_event(found, event, head)
    found = replace(found, fork=_is_fork(event, found.repository))
    return found if found.obstacle else _checked(found)


def bases(environment: Mapping[str, str], head: str) -> tuple[str, ...]:
    """The commits with which a pull request's files can be compared, best first; none where there is no pull request.

    The first parent of the merge that GitHub made is what the pull request would go into, and needs two commits of history; the
    base that the event names needs all of it. GitLab tells the base of a merge request.
    """
    if merge_request := environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""):
        return (merge_request,)
    if environment.get("GITHUB_EVENT_NAME", "") not in _PULL_REQUESTS:
        return ()
    # Only where GitHub itself made the merge: the parents of any other commit are for its author to choose.
    merge = (
        bool(head)
        and head == environment.get("GITHUB_SHA")
        and environment.get("GITHUB_EVENT_NAME") == "pull_request"
    )
    first = ("HEAD^1",) if merge and _MERGE.fullmatch(environment.get("GITHUB_REF", "")) else ()
    match _event(environment.get("GITHUB_EVENT_PATH", "")):
        case {"pull_request": {"base": {"sha": str(base)}}} if _SHA.fullmatch(base):
            return (*first, base)
    return first


def _of_event(found: Context, event: object, head: str) -> Context:
    """What the kind of event changes about ref and commit."""
    if found.event == "merge_group" or found.ref.startswith(_QUEUE):
        return replace(
            found, obstacle="the merge queue's temporary branch is gone before its results are processed"
        )
    if found.event in _ELSEWHERE:
        return replace(
            found,
            obstacle=f"for {found.event} GitHub names the default branch's commit, not the one that was scanned: "
            "give --ref and --sha",
        )
    match event:
        case {"number": int(number), "pull_request": {"head": {"sha": str(tip)}}} if (
            head and head != found.sha
        ):
            # Somebody checked out the pull request's own commit instead of the merge.
            return replace(found, sha=head, ref=f"refs/pull/{number}/head") if head == tip else found
    return found


def _is_fork(event: object, repository: str) -> bool:
    """Whether a pull request comes from another repository; from a deleted one, too."""
    match event:
        case {"pull_request": {"head": {"repo": {"full_name": str(name)}}}}:
            return name.lower() != repository.lower()
        case {"pull_request": {"head": {"repo": None}}}:
            return True
    return False


def _event(path: str) -> object:
    if not path:
        return None
    try:
        with open(path, "rb") as file:
            return json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None


def _checked(found: Context) -> Context:
    """Raises UserError for what the server would refuse anyway."""
    if not _REPOSITORY.fullmatch(found.repository):
        raise UserError("which repository? Give --repository OWNER/NAME (or set GITHUB_REPOSITORY)")
    if not _SHA.fullmatch(found.sha):
        raise UserError("which commit? Give --sha with 40 hex digits and --ref (or set GITHUB_SHA)")
    if not _REF.fullmatch(found.ref):
        raise UserError(
            "which branch? Give --ref in full, such as refs/heads/main or refs/pull/7/merge, and --sha"
        )
    return found
