"""What starting costs: which modules each use of the command may not load. No times: those depend on the machine."""

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

from modelwarden.domain.observation import Call
from modelwarden.policies import INDEX

CORPUS = Path(__file__).parent / "corpus"
HARMLESS = str(CORPUS / "benign" / "sklearn" / "logistic-regression-protocol-5.pkl")
HOSTILE = str(CORPUS / "malicious" / "dangerous-call" / "os-system.pkl")

READERS = set("Cryptodome brotli h5py jinja2 markupsafe numpy py7zr yaml zstandard".split())
"""What reads the rarer formats: loaded when one of them is there."""
PARSERS = set("configparser csv html plistlib pyexpat tomllib xml zipfile tarfile".split())
MACHINERY = set(
    "asyncio concurrent ctypes email http importlib.metadata logging multiprocessing pkg_resources random shutil socket "
    "sqlite3 ssl subprocess tempfile unittest urllib.request".split()
)
SLOW = {"dataclasses", "hashlib", "textwrap"}
"""Loaded quickly enough where they are needed; the most frequent use does without."""
REPORTS = set("attr json rich sarif_om modelwarden_sarif".split())

USES = {
    "--version": (["--version"], {"modelwarden.formats", "modelwarden.policies", "modelwarden.engine", "hashlib"}, REPORTS),
    "a harmless pickle to text": (["scan", HARMLESS], SLOW, REPORTS),
    "a hostile pickle to text": (["scan", HOSTILE], SLOW, REPORTS),
    "to JSON": (["scan", HOSTILE, "-f", "json"], set(), {"attr", "rich", "sarif_om"}),
    "to SARIF": (["scan", HOSTILE, "-f", "sarif"], set(), {"rich"}),
    "to Markdown": (["scan", HOSTILE, "-f", "markdown"], set(), REPORTS),
    "to annotations": (["scan", HOSTILE, "-f", "github"], set(), REPORTS),
    "to JUnit": (["scan", HOSTILE, "-f", "junit"], set(), REPORTS),
    "to GitLab's SAST": (["scan", HOSTILE, "-f", "gitlab-sast"], set(), {"rich"}),
    "to Code Quality": (["scan", HOSTILE, "-f", "codequality"], set(), {"rich"}),
}  # fmt: skip


LAST = "import sys; print(*sys.modules, file=sys.stderr)"
COMMAND = f"""
import os
leave = os._exit
def tell(code):
    exec({LAST!r})
    leave(code)
os._exit = tell
from modelwarden.__main__ import main
main()
"""
"""Runs the command as its script does, and tells at the end which modules there are."""


@cache
def loaded(code: str, *arguments: str) -> frozenset[str]:
    """Every module that Python has loaded at the end of `code`, in a directory where there is no configuration to be read.

    `-X importtime` does not tell of what is imported by name (`importlib.import_module`).
    """
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=place, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL,
        )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return frozenset(done.stderr.splitlines()[-1].split())


def loaded_by(use: str) -> frozenset[str]:
    """What the command loads on top of what Python does."""
    return loaded(COMMAND, *USES[use][0]) - loaded(LAST)


@pytest.mark.parametrize("use", USES)
def test_nothing_is_loaded_that_is_not_needed(use: str) -> None:
    _, own, reports = USES[use]
    denied = READERS | PARSERS | MACHINERY | own | reports
    assert {module for module in loaded_by(use) if not denied.isdisjoint(_parents(module))} == set()


@pytest.mark.parametrize("use", ["a harmless pickle to text", "a hostile pickle to text"])
def test_of_all_formats_a_pickle_loads_its_own(use: str) -> None:
    formats = "modelwarden.formats."
    assert {module for module in loaded_by(use) if module.startswith(formats)} == {f"{formats}pickle"}
    rooms = {module.split(".")[2] for module in loaded_by(use) if module.startswith("modelwarden.parsing.")}
    assert rooms == {"pickle"}


def test_of_all_policies_those_of_a_call_are_loaded_for_a_call() -> None:
    listed = {f"modelwarden.policies.{entry.name.replace('-', '_')}": entry for entry in INDEX}
    found = listed.keys() & loaded_by("a hostile pickle to text")
    assert "modelwarden.policies.dangerous_call" in found
    assert [name for name in found if Call not in listed[name].judges] == []
    assert listed.keys() & loaded_by("a harmless pickle to text") == set()


def test_tables_of_packages_that_are_not_named_stay_where_they_are() -> None:
    tables = "modelwarden.policies.tables.harmless_"
    found = {
        module.removeprefix(tables) for module in loaded_by("a hostile pickle to text") if tables in module
    }
    assert found == {"rows", "python", "standard"}


def test_a_page_takes_a_template_and_no_reader() -> None:
    modules = loaded("-m", "modelwarden", "scan", HOSTILE, "-f", "html") - loaded("-c", "pass")
    denied = (READERS - {"jinja2", "markupsafe"}) | REPORTS - {"json", "attr", "modelwarden_sarif"}
    assert {module for module in modules if not denied.isdisjoint(_parents(module))} == set()


def test_the_lists_would_notice() -> None:
    assert {"json", "sarif_om"} <= loaded(COMMAND, "scan", HOSTILE, "-f", "sarif")
    assert "xml.etree.ElementTree" in loaded(f"import xml.etree.ElementTree; {LAST}")
    assert _parents("xml.etree") == {"xml", "xml.etree"}


def _parents(module: str) -> set[str]:
    parts = module.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
