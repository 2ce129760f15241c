"""What `make docs` writes is what is committed."""

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from modelwarden.formats import FORMATS

ROOT = Path(__file__).parent.parent
PROMISE = re.compile(r".+\n\nChecked: \S[^\n]*(\n[^\n]+)*\n\nNot checked: \S[^\n]*(\n[^\n]+)*", re.DOTALL)


def test_regenerating_the_documents_changes_nothing() -> None:
    check = [sys.executable, str(ROOT / "scripts" / "docs.py"), "--check"]
    result = subprocess.run(check, capture_output=True, text=True, encoding="utf-8")
    assert result.stderr == ""
    assert result.returncode == 0


@pytest.mark.parametrize("name", [form.name for form in FORMATS])
def test_every_format_says_what_is_checked_and_what_is_not(name: str) -> None:
    module = importlib.import_module(f"modelwarden.formats.{name.replace('-', '_')}")
    assert PROMISE.fullmatch(inspect.getdoc(module) or "")
