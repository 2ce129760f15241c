"""What starting costs: which modules each use of the command may not load. No times: those depend on the machine."""

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

CORPUS = Path(__file__).parent / "corpus"
HARMLESS = str(CORPUS / "benign" / "sklearn" / "logistic-regression-protocol-5.pkl")
HOSTILE = str(CORPUS / "malicious" / "dangerous-call" / "os-system.pkl")

READERS = set("Cryptodome brotli h5py jinja2 markupsafe numpy py7zr yaml zstandard".split())
"""What reads the rarer formats: loaded when one of them is there."""
PARSERS = set("configparser csv html plistlib pyexpat tomllib xml zipfile tarfile".split())
MACHINERY = set(
    "asyncio concurrent ctypes email http importlib.metadata logging multiprocessing pkg_resources random shutil socket ssl "
    "subprocess tempfile unittest urllib.request".split()
)
REPORTS = set("attr json rich sarif_om modelwarden_sarif".split())

USES = {
    "--version": (["--version"], {"modelwarden.formats", "modelwarden.policies", "modelwarden.engine", "hashlib"}, REPORTS),
    "a harmless pickle to text": (["scan", HARMLESS], set(), REPORTS),
    "a hostile pickle to text": (["scan", HOSTILE], set(), REPORTS),
    "to JSON": (["scan", HOSTILE, "-f", "json"], set(), {"attr", "rich", "sarif_om"}),
    "to SARIF": (["scan", HOSTILE, "-f", "sarif"], set(), {"rich"}),
    "to Markdown": (["scan", HOSTILE, "-f", "markdown"], set(), REPORTS),
}  # fmt: skip


@cache
def loaded(*arguments: str) -> frozenset[str]:
    """Every module that Python loads for a command line, in a directory where there is no configuration to be read."""
    command = [sys.executable, "-X", "importtime", *arguments]
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(
            command, cwd=place, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL
        )
    assert done.returncode in (0, 1)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return frozenset(line.rpartition("|")[2].strip() for line in lines)


@pytest.mark.parametrize("use", USES)
def test_nothing_is_loaded_that_is_not_needed(use: str) -> None:
    arguments, own, reports = USES[use]
    denied = READERS | PARSERS | MACHINERY | own | reports
    modules = loaded("-m", "modelwarden", *arguments) - loaded("-c", "pass")
    assert {module for module in modules if not denied.isdisjoint(_parents(module))} == set()


def test_the_lists_would_notice() -> None:
    assert {"json", "sarif_om"} <= loaded("-m", "modelwarden", "scan", HOSTILE, "-f", "sarif")
    assert "xml.etree.ElementTree" in loaded("-c", "import xml.etree.ElementTree")
    assert _parents("xml.etree") == {"xml", "xml.etree"}


def _parents(module: str) -> set[str]:
    parts = module.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
