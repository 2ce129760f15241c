"""Reports that somebody else writes."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import modelwarden
from modelwarden import Outcome, Reporter, UserError
from modelwarden.cli import run
from modelwarden.reports import reporters

if TYPE_CHECKING:
    from tests.scanner.conftest import Make

ECHO = Reporter("echo", lambda outcome: f"{outcome.exit_code} {len(outcome.findings)}\n")


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    modelwarden.register(ECHO)
    yield
    reporters.unregister(ECHO)


def test_one_that_is_registered_is_found() -> None:
    assert reporters.reporter("echo") is ECHO
    assert reporters.reporter("echo", installed_only=True) is ECHO
    with pytest.raises(ValueError, match="already"):
        modelwarden.register(ECHO)


def test_it_gets_the_outcome(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.pkl").write_bytes(b"cos\nsystem\n(S'echo hi'\ntR.")
    assert run(["scan", "m.pkl", "--reporter", "echo"]) == 1
    assert capsys.readouterr().out == "1 1\n"
    assert run(["scan", "m.pkl", "--reporter", "echo", "-o", "out.txt"]) == 1
    assert (tmp_path / "out.txt").read_text() == "1 1\n"
    assert run(["scan", "m.pkl", "--reporter", "echo", "-f", "json"]) == 4
    assert "two reports would go to stdout" in capsys.readouterr().err


@pytest.mark.parametrize("said", [None, b"bytes", 5])
def test_what_is_no_text_is_no_report(make: "Make", said: Any) -> None:
    with pytest.raises(UserError, match="the reporter odd failed: TypeError: it returned no text") as caught:
        reporters.rendered(Reporter("odd", lambda outcome: said), make.outcome())
    assert caught.value.exit_code == 2


def test_one_may_not_end_the_program(make: "Make") -> None:
    def leave(outcome: Outcome) -> str:
        raise SystemExit(0)

    with pytest.raises(reporters.ReporterFailed, match="SystemExit"):
        reporters.rendered(Reporter("leave", leave), make.outcome())
