"""`modelwarden upload` against GitHub's own description of the endpoint, served by Prism (`upload/code-scanning.json`).

Prism checks every request against the description, and answers with the description's examples. It cannot decode the report:
that, GitHub's limits and the course of a processing are played in tests/scanner/ci/test_upload.py.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from modelwarden.ci.context import Context
from modelwarden.ci.upload import Uploader
from modelwarden.errors import UploadError

TOKEN = "ghs_never_shown"
SHA = "0123456789abcdef0123456789abcdef01234567"
WHERE = ("--repository", "octo/models", "--ref", "refs/pull/7/merge", "--sha", SHA)


@pytest.fixture(scope="module")
def github(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that behaves as described."""
    here = repository / "tests" / "doors" / "upload"
    said = tmp_path_factory.mktemp("prism") / "log"
    program = here / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    # Port 0 means any free one; Prism tells which.
    command: list[str | Path] = [
        "node",
        program,
        "mock",
        "--errors",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "code-scanning.json",
    ]
    with said.open("wb") as log:
        server = subprocess.Popen(command, cwd=here, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield _address(said, server)
    finally:
        server.terminate()
        server.wait(20)


def _address(said: Path, server: "subprocess.Popen[bytes]") -> str:
    for _ in range(600):
        text = said.read_text(encoding="utf-8")
        if "Prism is listening on " in text:
            return text.rpartition("Prism is listening on ")[2].split()[0]
        assert server.poll() is None, text
        time.sleep(0.1)
    raise AssertionError(f"Prism does not start: {said.read_text(encoding='utf-8')}")


@pytest.fixture(scope="module")
def log(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with a finding, by the real command."""
    file = tmp_path_factory.mktemp("log") / "models.sarif"
    done = subprocess.run([sys.executable, "-m", "modelwarden", "scan", "-q", "-f", f"sarif:{file}", hostile])
    assert done.returncode == 1
    return file


def upload(
    environment: Mapping[str, str], log: Path, api: str, *arguments: str, token: str = TOKEN
) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, "-m", "modelwarden", "upload", log, "--api-url", api, *arguments],
        env={**environment, "GITHUB_TOKEN": token, "no_proxy": "*"},
        cwd=log.parent,
        capture_output=True,
        text=True,
    )
    assert TOKEN not in done.stdout + done.stderr
    return done


def test_a_report_is_accepted_and_followed(
    github: str, log: Path, clean_environment: Mapping[str, str]
) -> None:
    done = upload(clean_environment, log, github, *WHERE)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr == "modelwarden: uploaded and processed: 47177e22-5596-11eb-80a1-c1e54ef945c6\n"


def test_extra_checks_may_be_asked_for_and_the_outcome_left_alone(
    github: str, log: Path, clean_environment: Mapping[str, str]
) -> None:
    done = upload(clean_environment, log, github, *WHERE, "--validate", "--no-wait")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr == "modelwarden: uploaded: 47177e22-5596-11eb-80a1-c1e54ef945c6\n"


@pytest.mark.parametrize(
    ("ref", "sha"), [("main", SHA), ("refs/heads/main", SHA[:7]), ("refs/heads/main", "main")]
)
def test_a_short_ref_or_commit_is_refused_here_and_there(
    github: str, log: Path, clean_environment: Mapping[str, str], ref: str, sha: str
) -> None:
    done = upload(clean_environment, log, github, "--repository", "octo/models", "--ref", ref, "--sha", sha)
    assert done.returncode == 4
    assert "--sha" in done.stderr
    # Without that check of ours the server would have said it, with a status that the description knows.
    uploader = Uploader(Context(repository="octo/models", ref=ref, sha=sha, api=github), TOKEN, time.sleep)
    with pytest.raises(UploadError, match=r"status 400.*check that --sha and --ref name the commit"):
        uploader.upload(log.read_bytes())


@pytest.mark.parametrize("body", [{}, {"commit_sha": SHA, "ref": "refs/heads/main"}, {"sarif": 1}])
def test_the_server_does_refuse_what_is_not_described(github: str, body: object) -> None:
    """A negative control."""
    request = urllib.request.Request(
        f"{github}/repos/octo/models/code-scanning/sarifs",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    with refused.value as answer:
        assert answer.code in (400, 422)


@contextmanager
def asking_for(code: int, github: str) -> Generator[str]:
    """A server that has Prism give a certain of the described answers: the command itself cannot ask for one."""

    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = urllib.request.Request(
                github + self.path,
                data=self.rfile.read(int(self.headers["Content-Length"])),
                headers={**self.headers, "Prefer": f"code={code}"},
            )
            try:
                urllib.request.urlopen(request, timeout=30)
            except urllib.error.HTTPError as error:
                with error:
                    body = error.read()
                    self.send_response(error.code)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (403, "permissions: security-events: write"),
        (404, "check --repository, --ref and --sha"),
        (413, "--category of its own"),
        (503, "try again later"),
    ],
)
def test_every_described_refusal_is_explained(
    github: str, log: Path, clean_environment: Mapping[str, str], code: int, advice: str
) -> None:
    with asking_for(code, github) as address:
        done = upload(clean_environment, log, address, *WHERE)
        assert done.returncode == 2, done.stderr
        assert advice in done.stderr
        assert done.stderr.startswith("modelwarden: ")
        if code in (403, 404):
            tolerant = upload(clean_environment, log, address, *WHERE, "--if-possible")
            assert tolerant.returncode == 0
            assert "nothing was uploaded: " in tolerant.stderr
            assert advice in tolerant.stderr


@pytest.mark.parametrize(
    "api", ["http://api.github.com", "http://localhost.example.com:4010", "ftp://127.0.0.1", "//127.0.0.1"]
)
def test_the_token_travels_over_tls_or_not_at_all(
    log: Path, clean_environment: Mapping[str, str], api: str
) -> None:
    done = upload(clean_environment, log, api, *WHERE)
    assert done.returncode == 4
    assert "must not travel in the open" in done.stderr


def test_the_token_comes_from_the_environment_alone(
    github: str, log: Path, clean_environment: Mapping[str, str]
) -> None:
    without = upload(clean_environment, log, github, *WHERE, token="")
    assert (without.returncode, "GITHUB_TOKEN" in without.stderr) == (4, True)
    given = upload(clean_environment, log, github, *WHERE, "--token", TOKEN)
    assert (given.returncode, "on the command line" in given.stderr) == (4, True)


def test_from_a_runner_the_context_is_known(
    github: str, log: Path, clean_environment: Mapping[str, str], repository: Path
) -> None:
    event = repository / "tests" / "scanner" / "ci" / "events" / "pull_request.json"
    runner = {
        **clean_environment,
        "GITHUB_REPOSITORY": "Codertocat/Hello-World",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": os.fspath(event),
        "GITHUB_REF": "refs/pull/2/merge",
        "GITHUB_SHA": SHA,
    }
    done = upload(runner, log, github, "--no-wait")
    assert (done.returncode, "uploaded: 47177e22" in done.stderr) == (0, True), done.stderr
    fork = event.with_name("pull_request-fork.json")
    done = upload({**runner, "GITHUB_EVENT_PATH": os.fspath(fork)}, log, "http://127.0.0.1:9", "--no-wait")
    assert (done.returncode, "from a fork" in done.stderr) == (0, True), done.stderr
