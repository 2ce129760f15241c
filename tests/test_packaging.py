"""What the product imports is what it says it needs, and the lock of the Action and the image has all of it."""

import ast
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DISTRIBUTIONS = {
    "attr": "attrs",
    "cyclonedx": "cyclonedx-python-lib",
    "sarif_om": "sarif-om",
    "yaml": "pyyaml",
}
"""Where it is not called what it is imported as."""
STANDARD_SINCE_3_14 = {"compression"}


def _imported() -> set[str]:
    """The distributions that the product imports, at the top of a module or inside a function."""
    names: set[str] = set()
    for path in (
        *(ROOT / "scanner" / "modelwarden").rglob("*.py"),
        *(ROOT / "sarif" / "modelwarden_sarif").rglob("*.py"),
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    foreign = names - sys.stdlib_module_names - {"modelwarden", "modelwarden_sarif", *STANDARD_SINCE_3_14}
    return {DISTRIBUTIONS.get(name, name) for name in foreign}


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!~\[; ]", requirement)[0].lower() for requirement in requirements}


def test_every_dependency_is_declared_and_used() -> None:
    extras = PROJECT["optional-dependencies"].values()
    declared = _names(PROJECT["dependencies"]) | {name for extra in extras for name in _names(extra)}
    assert _imported() == declared


def test_every_dependency_has_both_bounds() -> None:
    extras = [requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra]
    for requirement in (*PROJECT["dependencies"], *extras):
        assert re.fullmatch(r"[\w.-]+>=[\d.]+,<[\d.]+(; .+)?", requirement), requirement


def test_the_lock_holds_every_dependency_for_every_system() -> None:
    lock = (ROOT / "requirements" / "action.txt").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))
    extras = [requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra]
    assert _names([*PROJECT["dependencies"], *extras]) <= locked
    assert "://" not in re.sub(r"^#.*$", "", lock, flags=re.MULTILINE)
    for compiled in ("h5py", "markupsafe", "numpy", "pyyaml", "zstandard"):
        hashes = re.findall(rf"^{compiled}==[^#]+", lock, re.MULTILINE)
        assert sum(block.count("--hash=sha256:") for block in hashes) > 20, compiled


def test_what_compiles_a_wheel_is_named_and_locked_to_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements" / "compile.txt").read_text(encoding="utf-8")
    for requirement in (*project["dependency-groups"]["compile"], *project["build-system"]["requires"]):
        assert re.fullmatch(r"[\w.-]+==[\d.]+", requirement), requirement
        assert f"\n{requirement} " in lock, requirement
