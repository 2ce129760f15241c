"""Scanners written for ModelAudit run here unchanged, but for the name of the package."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from modelwarden import UserError
from modelwarden.core import scan_model_directory_or_file
from modelwarden.scanners import SCANNER_REGISTRY
from modelwarden.scanners.base import BaseScanner, IssueSeverity, ScanResult

EVIL = b"cos\nsystem\n(S'echo hi'\ntR."
SCAN_ONE = (Path(__file__).parent / "example" / "scan_one.py.txt").read_text(encoding="utf-8")
SCAN_ALL = (
    SCAN_ONE.split("# Now")[0]
    + """
import json
from modelwarden.core import scan_model_directory_or_file
print(json.dumps(scan_model_directory_or_file("path")))
"""
)
FAILING = """
def scan(self, path):
    result = self._create_result()
    result.add_issue("Seen before it failed", severity=IssueSeverity.CRITICAL, location="elsewhere")
    raise KeyError("secret")
"""


@pytest.fixture(autouse=True)
def no_scanners() -> Iterator[None]:
    yield
    SCANNER_REGISTRY.clear()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "path" / "to" / "custom_model.mymodel"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"weights malicious_pattern weights")
    return file


def test_the_example_finds_its_pattern(program: Callable[[str], str], model: Path) -> None:
    assert program(SCAN_ONE) == "Found 1 issues:\n- WARNING: Suspicious pattern found\n"


def test_the_example_finds_nothing_where_nothing_is(program: Callable[[str], str], model: Path) -> None:
    model.write_bytes(b"weights")
    assert program(SCAN_ONE) == "No issues found!\n"


def test_the_result_is_a_dictionary_with_their_keys(program: Callable[[str], str], model: Path) -> None:
    (model.parent / "evil.pkl").write_bytes(EVIL)
    results = json.loads(program(SCAN_ALL))
    first, second = results["issues"]
    assert (first["severity"], first["details"]["pattern"]) == ("warning", "malicious_pattern")
    assert first["location"].startswith(str(Path("path", "to", "custom_model.mymodel")))
    assert second["severity"] == "critical"
    assert results["scanner_names"] == ["custom_format", "pickle"]
    assert results["files_scanned"] == 2
    assert results["bytes_scanned"] == len(EVIL) + len(b"weights malicious_pattern weights")
    assert results["assets"][0]["type"] == "custom_format"
    assert (results["has_errors"], results["success"]) == (False, True)
    assert results["start_time"] <= first["timestamp"]


def test_one_that_raises_costs_its_own_result(program: Callable[[str], str], model: Path) -> None:
    (model.parent / "evil.pkl").write_bytes(EVIL)
    start, _, rest = SCAN_ALL.partition("# Register the custom scanner\n")
    failing = f"{start}from my_custom_scanner import IssueSeverity\n{FAILING}\nCustomModelScanner.scan = scan\n{rest}"
    results = json.loads(program(failing))
    assert [issue["severity"] for issue in results["issues"]] == ["critical", "critical"]
    assert results["issues"][0]["message"] == "Seen before it failed"
    assert results["has_errors"]
    assert [note["rule"] for note in results["notes"]] == ["MW905"]
    assert "the custom_format reader failed (KeyError" in results["notes"][0]["message"]


def test_a_configuration_is_followed(tmp_path: Path) -> None:
    (tmp_path / "unsafe_model.pkl").write_bytes(EVIL)

    def scan(**config: Any) -> dict[str, Any]:
        return scan_model_directory_or_file(str(tmp_path), **config)

    assert [issue["details"]["rule"] for issue in scan()["issues"]] == ["MW101"]
    config = {
        "blacklist_patterns": ["unsafe_model", "malicious_net"],
        "max_file_size": 1 << 30,
        "timeout": 600,
    }
    assert {issue["details"]["rule"] for issue in scan(**config)["issues"]} == {"MW101", "MW501"}
    assert scan(max_file_size=5)["issues"] == []
    assert scan(max_file_size=5)["has_errors"]
    assert scan(max_file_size=0, max_total_size=0, max_zip_depth=3, blacklist_patterns=None)["issues"]


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="knows no 'max_filesize'"):
        scan_model_directory_or_file(tmp_path, max_filesize=5)
    with pytest.raises(UserError, match="nowhere"):
        scan_model_directory_or_file(tmp_path / "nowhere")


class Thorough(BaseScanner):
    name = "mw thorough"
    supported_extensions: ClassVar[list[str]] = [".thorough"]

    def scan(self, path: str) -> ScanResult:
        refused = self._check_path(path)
        if refused is not None:
            return refused
        result = self._create_result()
        result.add_issue(f"timeout {self.timeout}", IssueSeverity.INFO, why="It was asked for.")
        other = ScanResult()
        other.add_issue("again", severity=IssueSeverity.DEBUG, details={"when": object})
        result.merge(other)
        result.finish(success=self.get_file_size(path) > 1)
        return result


def test_the_rest_of_their_interface(tmp_path: Path) -> None:
    file = tmp_path / "a.thorough"
    file.write_bytes(b"xx")
    SCANNER_REGISTRY.append(Thorough)
    SCANNER_REGISTRY.append(Thorough)
    assert list(SCANNER_REGISTRY) == [Thorough]
    results = scan_model_directory_or_file(file, timeout=20)
    (issue,) = results["issues"]
    assert (issue["message"], issue["why"], issue["details"]["rule"]) == (
        "timeout 20",
        "It was asked for.",
        "X-MW-THOROUGH-INFO",
    )
    file.write_bytes(b"x")
    assert scan_model_directory_or_file(file)["has_errors"]
    SCANNER_REGISTRY.remove(Thorough)
    assert scan_model_directory_or_file(file)["scanner_names"] == []
    assert Thorough().scan(str(tmp_path / "nowhere")).has_errors


@pytest.mark.parametrize("thing", [Thorough(), dict, "my.Scanner"])
def test_only_scanners_are_taken(thing: Any) -> None:
    with pytest.raises(TypeError, match="no subclass of BaseScanner"):
        SCANNER_REGISTRY.append(thing)
