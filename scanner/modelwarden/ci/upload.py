"""Delivers a SARIF log to GitHub code scanning over its REST interface, for whoever has no `upload-sarif` at hand.

https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data. The token comes from the environment
alone, goes to the one host that was named, over TLS, and is never shown.
"""

import base64
import gzip
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import quote, urlsplit

from modelwarden import __version__
from modelwarden.ci.context import Context
from modelwarden.domain.record import record
from modelwarden.errors import UploadError, UserError
from modelwarden.reports.visible import MESSAGE, visible

MOST_BYTES = 10 << 20
"""GitHub refuses more, compressed."""

FEWER_RESULTS = 1_000
"""What is kept when the server finds the log too large."""

_POLLS = (5, 10, 20, 40, 80)
"""Seconds to wait before each look at the outcome, as GitHub's own action does."""

_BUSY = (2, 4, 8)
_TIMEOUT = 120
_LONGEST_WAIT = 120
_ANSWER_BYTES = 1 << 20
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,3})?")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_NEEDS = (
    "it needs the scope security_events, or write access to code scanning alerts, and must not have expired"
)
_NOT_ALLOWED = "the token may not do this: in a workflow add `permissions: security-events: write`"
_NOT_ENABLED = "code scanning is not enabled for this repository: private ones need GitHub Code Security"


@record(kw_only=True)
class Delivery:
    """What became of an upload. `state`: `complete`, `pending` (GitHub is still at it) or `skipped`; `detail` for people."""

    state: str
    detail: str
    identifier: str = ""


class Unavailable(UploadError):
    """This repository or token cannot take results: with `--if-possible` a warning, not a failure."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another host."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


class Uploader:
    """Speaks to one server. `sleep` waits some seconds."""

    def __init__(self, where: Context, token: str, sleep: Callable[[float], object]) -> None:
        """Raises UserError for an address that would give the token away, or no token."""
        parts = urlsplit(where.api)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise UserError(
                f"{visible(where.api)} is no https:// address, and the token must not travel in the open"
            )
        if not token:
            raise UserError("no token: set GITHUB_TOKEN to one that may write security events")
        if not (token.isascii() and token.isprintable()):
            raise UserError("the token in the environment holds characters that no token has")
        owner, _, name = where.repository.partition("/")
        self._where = where
        self._address = f"{where.api}/repos/{quote(owner)}/{quote(name)}/code-scanning/sarifs"
        self._token = token
        self._sleep = sleep
        self._opener = urllib.request.build_opener(_NoRedirects())

    def upload(self, log: bytes, *, validate: bool = False, wait: bool = True) -> Delivery:
        """Send a SARIF log and wait for its processing.

        Raises UploadError when it is refused, `Unavailable` when the repository or the token cannot take any.
        """
        identifier, detail = self._send(log, validate)
        if not wait:
            return Delivery(state="pending", detail=detail, identifier=identifier)
        return self._outcome(identifier, detail)

    def _send(self, log: bytes, validate: bool) -> tuple[str, str]:
        """The upload's id and what is to be said about it."""
        detail = ""
        status, answer, _ = self._post(_checked(log), validate)
        if status == 413:
            log, dropped = fewer(log)
            detail = (
                f"the {FEWER_RESULTS:,} most severe results; {dropped:,} more were too much for the server"
            )
            status, answer, _ = self._post(log, validate)
        match answer:
            case {"id": str(identifier)} if status == 202:
                return identifier, detail
        raise _refusal(status, answer)

    def _post(self, log: bytes, validate: bool) -> tuple[int, object, Mapping[str, str]]:
        packed = gzip.compress(log, mtime=0)
        if len(packed) > MOST_BYTES:
            return 413, None, {}
        body: dict[str, object] = {
            "commit_sha": self._where.sha,
            "ref": self._where.ref,
            "sarif": base64.b64encode(packed).decode("ascii"),
            "tool_name": "modelwarden",
        }
        if validate:
            body["validate"] = True
        return self._patiently(self._address, json.dumps(body).encode("ascii"))

    def _outcome(self, identifier: str, detail: str) -> Delivery:
        address = f"{self._address}/{quote(identifier, safe='')}"
        missed = 0
        for seconds in _POLLS:
            self._sleep(seconds)
            status, answer, _ = self._patiently(address, None)
            if status == 404 and not missed:
                missed += 1
                continue
            match answer:
                case {"processing_status": "complete"} if status == 200:
                    return Delivery(state="complete", detail=detail, identifier=identifier)
                case {"processing_status": "failed", **rest} if status == 200:
                    raise UploadError(f"GitHub could not process the log: {_reasons(rest.get('errors'))}")
                case {"processing_status": "pending"} if status == 200:
                    continue
            raise _refusal(status, answer)
        waiting = "GitHub is still processing it"
        return Delivery(
            state="pending", detail=f"{detail}; {waiting}" if detail else waiting, identifier=identifier
        )

    def _patiently(self, address: str, body: bytes | None) -> tuple[int, object, Mapping[str, str]]:
        """One request, repeated while the server is busy; never after it has taken a log."""
        answer = self._once(address, body)
        for seconds in _BUSY:
            if answer[0] != 503:
                break
            self._sleep(seconds)
            answer = self._once(address, body)
        if answer[0] == 429 or (answer[0] == 403 and "retry-after" in answer[2]):
            asked = answer[2].get("retry-after", "")
            self._sleep(min(int(asked), _LONGEST_WAIT) if asked.isdecimal() else 60)
            answer = self._once(address, body)
        return answer

    def _once(self, address: str, body: bytes | None) -> tuple[int, object, Mapping[str, str]]:
        """Status, decoded body and headers in lower case. Raises UploadError when there is no answer."""
        request = urllib.request.Request(  # noqa: S310  # https, or http on this very machine: checked at the start
            address,
            data=body,
            method="POST" if body is not None else "GET",
            headers={
                "Accept": "application/vnd.github+json, application/json;q=0.9",
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "User-Agent": f"modelwarden/{__version__}",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as response:
                return response.status, _decoded(response.read(_ANSWER_BYTES)), _lower(response.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _decoded(error.read(_ANSWER_BYTES)), _lower(error.headers)
        except (OSError, HTTPException) as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            host = urlsplit(address).hostname or ""
            raise UploadError(f"{visible(host)} does not answer: {visible(str(reason), MESSAGE)}") from error


def fewer(log: bytes, most: int = FEWER_RESULTS) -> tuple[bytes, int]:
    """A log with its `most` most severe results, and how many are gone. Raises UploadError when it is no SARIF log."""
    match _decoded(log):
        case {
            "runs": [{"results": list(results), "tool": {"driver": {"rules": list(rules)}}} as run]
        } as document:
            scores = dict(map(_score, rules))
            worst = sorted(range(len(results)), key=lambda index: -scores.get(_rule(results[index]), 0.0))
            kept = sorted(worst[:most])
            run["results"] = [results[index] for index in kept]
            return json.dumps(document, separators=(",", ":")).encode("utf-8"), len(results) - len(kept)
    raise UploadError("the file is no SARIF log with one run")


def _score(rule: object) -> tuple[str, float]:
    """A rule's id and security severity; 0 where it has none that is a number."""
    match rule:
        case {"id": str(identifier), "properties": {"security-severity": str(score)}} if _NUMBER.fullmatch(
            score
        ):
            return identifier, float(score)
    return "", 0.0


def _rule(result: object) -> str:
    match result:
        case {"ruleId": str(identifier)}:
            return identifier
    return ""


def _checked(log: bytes) -> bytes:
    """Raises UploadError for what the server would refuse only after it has been sent."""
    match _decoded(log):
        case {"version": "2.1.0", "runs": [_, *_]}:
            return log
    raise UploadError("the file is no SARIF 2.1.0 log")


def _decoded(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _lower(headers: Message) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _reasons(errors: object) -> str:
    said = [str(error) for error in errors] if isinstance(errors, list) else []
    return visible("; ".join(said) or "it gave no reason", MESSAGE)


def _refusal(status: int, answer: object) -> UploadError:
    """What an answer means and what to do about it."""
    message, errors = "", ""
    match answer:
        case {"message": str(message), "errors": list(found)} if found:
            errors = f": {_reasons(found)}"
        case {"message": str(message)}:
            pass
    said, text = visible(message + errors, MESSAGE), message.lower()
    if status == 401 or "bad credentials" in text:
        return UploadError(f"GitHub does not accept the token ({said or status}): {_NEEDS}")
    if status == 403 and any(
        words in text for words in ("advanced security", "code security", "not enabled")
    ):
        return Unavailable(f"{_NOT_ENABLED} ({said})")
    if status == 403 and "rate limit" in text:
        return UploadError(f"GitHub's rate limit is reached ({said}): try again later")
    if status == 403:
        return Unavailable(f"{_NOT_ALLOWED} ({said or status})")
    if status == 404:
        return Unavailable(
            f"the repository, the ref or the commit does not exist for this token ({said or status}): check --repository, "
            "--ref and --sha, and what the token may read"
        )
    if status == 413:
        return UploadError(
            f"the log is larger than the {MOST_BYTES >> 20} MB that GitHub takes, compressed: scan parts of the tree, each "
            "with a --category of its own"
        )
    if status == 429:
        return UploadError("GitHub asks for fewer requests: try again later")
    if status == 503:
        return UploadError("GitHub is out of service: try again later")
    if 300 <= status < 400:
        return UploadError(
            f"the server answers with a redirect ({status}), which the token must not follow: give the repository's present "
            "name, and the API's own address"
        )
    if status in (400, 422):
        return UploadError(
            f"GitHub refused the log with status {status} ({said or 'no reason given'}): check that --sha and --ref name the "
            "commit that was scanned"
        )
    return UploadError(f"GitHub refused the log with status {status} ({said or 'no reason given'})")
