"""The public names are those of the documentation, and cost nothing until they are used."""

import subprocess
import sys
from pathlib import Path

import pytest

import modelwarden


def test_every_public_name_is_there() -> None:
    for name in modelwarden.__all__:
        assert getattr(modelwarden, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = modelwarden.nonsense


def test_a_script_can_scan(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(b"cos\nsystem\n(S'echo hi'\ntR.")
    report = modelwarden.scan([str(tmp_path)], modelwarden.Settings())
    assert isinstance(report, modelwarden.Report)
    assert [finding.rule.severity for finding in report.findings] == [modelwarden.Severity.CRITICAL]


def test_importing_the_package_imports_nothing_else_of_it() -> None:
    code = "import sys, modelwarden; print([name for name in sys.modules if name.startswith('modelwarden.')])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
