"""A program as the documentation of ModelAudit shows it, but for the name of the package."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parent / "example"


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], str]:
    """Runs a program in a directory of its own and returns what it prints."""

    scanner = (EXAMPLE / "my_custom_scanner.py.txt").read_text(encoding="utf-8")
    (tmp_path / "my_custom_scanner.py").write_text(scanner, encoding="utf-8")

    def run(code: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        assert ran.stderr == ""
        return ran.stdout

    return run
