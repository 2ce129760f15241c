"""What `make docs` writes is what is committed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_regenerating_the_documents_changes_nothing() -> None:
    check = [sys.executable, str(ROOT / "scripts" / "docs.py"), "--check"]
    result = subprocess.run(check, capture_output=True, text=True, encoding="utf-8")
    assert result.stderr == ""
    assert result.returncode == 0
