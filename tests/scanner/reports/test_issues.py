"""The keys of ModelAudit's users, and the schema that the package ships for the whole JSON report."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from modelwarden.cli import cli

CORPUS = Path(__file__).parents[2] / "corpus"
SCHEMA = json.loads(
    (files("modelwarden") / "reports/schema/report-1.schema.json").read_text(encoding="utf-8")
)
FAMILIAR = {
    "scanner_names", "start_time", "bytes_scanned", "issues", "has_errors", "files_scanned", "duration", "assets",
}  # fmt: skip


def report(*arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(cli, ["scan", "--no-config", "-f", "json", *arguments], standalone_mode=False)
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "place", ["malicious/dangerous-call", "malicious/malformed", "benign/sklearn", "README.md"]
)
def test_reports_keep_to_the_schema(place: str) -> None:
    errors = list(Draft202012Validator(SCHEMA).iter_errors(report(str(CORPUS / place))))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize("key", ["findings", "files", "issues", "schema_version"])
def test_the_schema_would_notice(key: str) -> None:
    broken = report(str(CORPUS / "malicious" / "dangerous-call" / "os-system.pkl"))
    broken[key] = [{}] if isinstance(broken[key], list) else 2
    assert not Draft202012Validator(SCHEMA).is_valid(broken)


def test_an_issue_reads_as_users_of_modelaudit_expect() -> None:
    evil = CORPUS / "malicious" / "dangerous-call" / "os-system.pkl"
    found = report(str(evil))
    assert set(found) >= FAMILIAR
    assert found["scanner_names"] == ["pickle"]
    assert found["bytes_scanned"] == evil.stat().st_size
    assert found["assets"] == [{"path": str(evil), "type": "pickle"}]
    assert found["has_errors"] is False
    issues = found["issues"]
    assert isinstance(issues, list)
    assert issues[0]["severity"] == "critical"
    assert issues[0]["location"] == f"{evil} (pos 42)"
    assert set(issues[0]) == {"message", "severity", "location", "details", "timestamp", "why"}


def test_deterministic_reports_tell_no_time() -> None:
    evil = str(CORPUS / "malicious" / "dangerous-call" / "os-system.pkl")
    first, second = report(evil, "--deterministic"), report(evil, "--deterministic")
    assert first == second
    assert not {"start_time", "duration"} & set(first)
