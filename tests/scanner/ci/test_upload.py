"""The uploader against a server that decodes what it gets and plays every answer of GitHub's description."""

import base64
import gzip
import json
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from modelwarden.ci.context import Context
from modelwarden.ci.upload import Unavailable, Uploader, fewer
from modelwarden.domain.record import replace
from modelwarden.errors import UploadError, UserError

TOKEN = "ghs_secret"
SHA = "a" * 40
LOG = json.dumps(
    {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "modelwarden", "rules": []}}, "results": []}]}
).encode()
ACCEPTED: tuple[int, object, dict[str, str]] = (
    202,
    {"id": "47177e22", "url": "https://api.github.com/x"},
    {},
)


PROCESSED = {"processing_status": "complete"}


def status(state: str, **more: object) -> tuple[int, object, dict[str, str]]:
    return 200, {"processing_status": state, **more}, {}


MOST = {"results": 25_000, "rules": 25_000, "runs": 20, "compressed": 10 << 20}
"""Over these GitHub refuses the log: https://docs.github.com/en/code-security/reference/code-scanning/sarif-support."""


def over_the_limits(log: dict[str, Any], compressed: int) -> list[str]:
    """What GitHub would find too much in a log, in its own words."""
    counts = {"compressed": compressed, "runs": len(log["runs"])}
    for run in log["runs"]:
        counts["results"] = max(counts.get("results", 0), len(run["results"]))
        counts["rules"] = max(counts.get("rules", 0), len(run["tool"]["driver"]["rules"]))
    return [
        f"rejecting SARIF, as there are more {what} than allowed ({count} > {MOST[what]})"
        for what, count in counts.items()
        if count > MOST[what]
    ]


class Server:
    """Answers from a list; keeps what it was asked, decoded as GitHub decodes it.

    An answer PROCESSED says what GitHub would make of the log that came last, within its limits or not.
    """

    def __init__(self) -> None:
        self.answers: list[tuple[int, object, dict[str, str]]] = []
        self.asked: list[tuple[str, str, dict[str, object]]] = []
        self.slept: list[float] = []
        self.problems: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(("GET", self.path, {}))
                self.answer()

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                packed = base64.b64decode(body["sarif"], validate=True)
                body["sarif"] = json.loads(gzip.decompress(packed))
                outer.problems = over_the_limits(body["sarif"], len(packed))
                outer.asked.append(("POST", self.path, body))
                self.answer()

            def answer(self) -> None:
                assert self.headers["Authorization"] == f"Bearer {TOKEN}"
                assert self.headers["X-GitHub-Api-Version"] == "2022-11-28"
                code, body, headers = outer.answers.pop(0)
                if body == PROCESSED and outer.problems:
                    body = {"processing_status": "failed", "errors": outer.problems}
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(code)
                for key, value in {"Content-Length": str(len(data)), **headers}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def where(self) -> Context:
        return Context(
            repository="octo/models",
            ref="refs/heads/main",
            sha=SHA,
            api=f"http://127.0.0.1:{self.http.server_address[1]}",
        )

    def uploader(self) -> Uploader:
        return Uploader(self.where, TOKEN, self.slept.append)

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()
    assert made.answers == [], "fewer requests than expected"


def test_an_upload_is_sent_and_followed_until_it_is_processed(server: Server) -> None:
    server.answers = [ACCEPTED, status("pending"), status("pending"), status("complete")]
    done = server.uploader().upload(LOG)
    assert (done.state, done.identifier) == ("complete", "47177e22")
    path = "/repos/octo/models/code-scanning/sarifs"
    [post, *polls] = server.asked
    assert post == (
        "POST",
        path,
        {"commit_sha": SHA, "ref": "refs/heads/main", "sarif": json.loads(LOG), "tool_name": "modelwarden"},
    )
    assert polls == [("GET", f"{path}/47177e22", {})] * 3
    assert server.slept == [5, 10, 20]


def test_it_need_not_wait(server: Server) -> None:
    server.answers = [ACCEPTED]
    assert server.uploader().upload(LOG, wait=False, validate=True).state == "pending"
    assert server.asked[0][2]["validate"] is True


def test_what_takes_too_long_is_said_and_no_failure(server: Server) -> None:
    server.answers = [ACCEPTED, *[status("pending")] * 5]
    done = server.uploader().upload(LOG)
    assert (done.state, sum(server.slept)) == ("pending", 155)
    assert "still processing" in done.detail


def test_what_could_not_be_processed_is_a_failure_with_its_reasons(server: Server) -> None:
    server.answers = [ACCEPTED, status("failed", errors=["no such ref", "too many\x1b[31m alerts"])]
    with pytest.raises(UploadError, match="no such ref; too many") as error:
        server.uploader().upload(LOG)
    assert "\x1b" not in str(error.value)


@pytest.mark.parametrize(
    ("code", "message", "kind", "words"),
    [
        (400, "Invalid sarif", UploadError, "refused the log with status 400 (Invalid sarif)"),
        (401, "Bad credentials", UploadError, "does not accept the token"),
        (403, "Resource not accessible by integration", Unavailable, "security-events: write"),
        (403, "Advanced Security must be enabled for this repository", Unavailable, "Code Security"),
        (403, "Code scanning is not enabled for this repository.", Unavailable, "not enabled"),
        (403, "API rate limit exceeded", UploadError, "rate limit"),
        (404, "Not Found", Unavailable, "does not exist for this token"),
        (422, "Validation Failed", UploadError, "Validation Failed: no such ref"),
        (429, "slow down", UploadError, "try again later"),
        (500, "", UploadError, "status 500"),
    ],
)
def test_every_refusal_says_what_to_do(
    server: Server, code: int, message: str, kind: type[UploadError], words: str
) -> None:
    errors = {"errors": ["no such ref"]} if code == 422 else {}
    answer: tuple[int, object, dict[str, str]] = (
        code,
        {"message": message, "documentation_url": "https://docs", **errors},
        {},
    )
    server.answers = [answer] * (2 if code == 429 else 1)
    with pytest.raises(UploadError) as error:
        server.uploader().upload(LOG)
    assert type(error.value) is kind
    assert words in str(error.value)
    assert TOKEN not in str(error.value)
    assert error.value.exit_code == 2


def test_a_busy_server_is_asked_again(server: Server) -> None:
    server.answers = [(503, b"busy", {})] * 3 + [ACCEPTED, (503, b"", {}), status("complete")]
    assert server.uploader().upload(LOG).state == "complete"
    assert server.slept == [2, 4, 8, 5, 2]


def test_a_server_that_stays_busy_is_given_up(server: Server) -> None:
    server.answers = [(503, b"<html>", {})] * 4
    with pytest.raises(UploadError, match="out of service"):
        server.uploader().upload(LOG)


@pytest.mark.parametrize(("asked", "waited"), [("7", 7), ("100000", 120), ("soon", 60)])
def test_too_many_requests_wait_as_long_as_asked_once(server: Server, asked: str, waited: int) -> None:
    server.answers = [(429, {}, {"Retry-After": asked}), ACCEPTED]
    server.uploader().upload(LOG, wait=False)
    assert server.slept == [waited]
    server.answers = [(429, {}, {"Retry-After": asked})] * 2
    with pytest.raises(UploadError, match="fewer requests"):
        server.uploader().upload(LOG)


def test_a_poll_that_is_not_found_once_is_asked_again(server: Server) -> None:
    server.answers = [ACCEPTED, (404, {}, {}), status("complete")]
    assert server.uploader().upload(LOG).state == "complete"
    server.answers = [ACCEPTED, (404, {}, {}), (404, {}, {})]
    with pytest.raises(Unavailable):
        server.uploader().upload(LOG)


def large(count: int) -> bytes:
    rules = [
        {"id": "MW110", "properties": {"security-severity": "2.5"}},
        {"id": "MW101", "properties": {"security-severity": "9.8"}},
    ]
    results = [
        {"ruleId": "MW110" if index % 2 else "MW101", "message": {"text": str(index)}}
        for index in range(count)
    ]
    return json.dumps(
        {"version": "2.1.0", "runs": [{"tool": {"driver": {"rules": rules}}, "results": results}]}
    ).encode()


def test_what_is_too_large_is_sent_again_with_the_worst_results(server: Server) -> None:
    server.answers = [(413, {"message": "Payload Too Large"}, {}), ACCEPTED]
    done = server.uploader().upload(large(1_800), wait=False)
    assert "800 more" in done.detail
    [_, (_, _, body)] = server.asked
    sent = body["sarif"]["runs"][0]["results"]  # type: ignore[index]
    assert [result["ruleId"] for result in sent].count("MW101") == 900
    assert [int(result["message"]["text"]) for result in sent] == sorted(
        int(result["message"]["text"]) for result in sent
    )
    server.answers = [(413, {}, {})] * 2
    with pytest.raises(UploadError, match="larger than"):
        server.uploader().upload(large(1_800))


@pytest.mark.parametrize("count", [5_000, 25_000])
def test_what_is_within_githubs_limits_is_processed(server: Server, count: int) -> None:
    server.answers = [ACCEPTED, (200, PROCESSED, {})]
    assert server.uploader().upload(large(count)).state == "complete"


def test_what_is_beyond_githubs_limits_fails_and_says_why(server: Server) -> None:
    server.answers = [ACCEPTED, (200, PROCESSED, {})]
    with pytest.raises(UploadError, match=r"could not process the log: .*more results than allowed \(25001"):
        server.uploader().upload(large(25_001))


def test_what_is_too_large_compressed_is_not_even_sent_whole(server: Server) -> None:
    log = json.loads(large(2_000))
    for result in log["runs"][0]["results"]:
        result["message"]["text"] = random.Random(result["message"]["text"]).randbytes(6_000).hex()
    server.answers = [ACCEPTED, (200, PROCESSED, {})]
    done = server.uploader().upload(json.dumps(log).encode())
    assert (done.state, done.detail) == (
        "complete",
        "the 1,000 most severe results; 1,000 more were too much for the server",
    )
    assert [method for method, *_ in server.asked] == ["POST", "GET"]


@pytest.mark.parametrize(
    "rule",
    [
        None,
        {},
        {"id": 1},
        {"id": "A", "properties": {"security-severity": "high"}},
        {"id": "A", "properties": []},
    ],
)
def test_fewer_bears_with_what_is_no_log_of_ours(rule: object) -> None:
    run: dict[str, object] = {
        "tool": {"driver": {"rules": [rule]}},
        "results": [None, {"ruleId": []}, {"ruleId": "A"}],
    }
    assert fewer(json.dumps({"runs": [run]}).encode(), 2)[1] == 1


def test_fewer_keeps_what_is_few() -> None:
    log, dropped = fewer(large(3))
    assert (json.loads(log), dropped) == (json.loads(large(3)), 0)


def test_a_redirect_does_not_get_the_token(server: Server) -> None:
    server.answers = [(302, {}, {"Location": f"{server.where.api}/elsewhere"})]
    with pytest.raises(UploadError, match="redirect"):
        server.uploader().upload(LOG)


@pytest.mark.parametrize(
    "log", [b"", b"{}", b"[]", b'{"version": "2.0.0", "runs": [{}]}', b'{"version": "2.1.0", "runs": []}']
)
def test_what_is_no_log_is_not_sent(server: Server, log: bytes) -> None:
    with pytest.raises(UploadError, match=r"no SARIF 2\.1\.0 log"):
        server.uploader().upload(log)
    assert server.asked == []


@pytest.mark.parametrize(
    "answer", [(202, b"not json", {}), (202, {"id": 1}, {}), (200, {"id": "x"}, {}), (202, b"[" * 10_000, {})]
)
def test_an_answer_that_makes_no_sense_is_a_failure(
    server: Server, answer: tuple[int, object, dict[str, str]]
) -> None:
    server.answers = [answer]
    with pytest.raises(UploadError, match="refused"):
        server.uploader().upload(LOG)


def test_no_answer_is_a_failure_that_names_the_host() -> None:
    made = Server()
    uploader = made.uploader()
    made.close()
    with pytest.raises(UploadError, match=r"127\.0\.0\.1 does not answer"):
        uploader.upload(LOG)


@pytest.mark.parametrize(
    "api",
    [
        "http://api.github.com",
        "http://localhost.evil.example",
        "ftp://127.0.0.1",
        "api.github.com",
        "file:///etc",
    ],
)
def test_the_token_never_travels_in_the_open(server: Server, api: str) -> None:
    with pytest.raises(UserError, match="https://"):
        Uploader(replace(server.where, api=api), TOKEN, server.slept.append)


@pytest.mark.parametrize(("token", "words"), [("", "no token"), ("a\nb", "characters"), ("ü", "characters")])
def test_without_a_proper_token_nothing_is_sent(server: Server, token: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        Uploader(server.where, token, server.slept.append)
