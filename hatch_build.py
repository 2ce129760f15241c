"""Compiles the pickle machine into the wheel with mypyc, when asked to: `MODELWARDEN_COMPILE=1 pip wheel .`

Without that the wheel is pure Python and needs neither a compiler nor mypy. What is compiled stays one plain `.py`, which the
wheel holds as well: Python takes the compiled module where it fits and the plain one anywhere else.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILED = ("modelwarden/parsing/pickle/machine.py",)
_HERE = Path(__file__).resolve().parent


class CompileMachine(BuildHookInterface[Any]):
    """Adds the compiled modules to the wheel and gives it the tag of this platform."""

    _place: tempfile.TemporaryDirectory[str] | None = None

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling: the group `compile` of pyproject.toml."""
        if not _asked():
            return []
        groups = tomllib.loads((_HERE / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
        return list(groups["compile"])

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is put together; never for an editable installation."""
        if not _asked() or version == "editable":
            return
        self._place = tempfile.TemporaryDirectory(prefix="modelwarden-compiled-")
        place = Path(self._place.name)
        build_data["force_include"] |= {
            str(built): built.relative_to(place).as_posix() for built in _compile(place)
        }
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled: it is in the wheel."""
        if self._place is not None:
            self._place.cleanup()


def _asked() -> bool:
    return os.environ.get("MODELWARDEN_COMPILE", "") == "1"


def _compile(place: Path) -> list[Path]:
    """Run this file as a program in `scanner/`, for mypyc and setuptools work from the current directory."""
    subprocess.run([sys.executable, __file__, str(place)], cwd=_HERE / "scanner", check=True)
    return [path for path in place.rglob("*") if path.suffix in (".so", ".pyd")]


def main(place: str) -> None:
    from mypyc.build import mypycify
    from setuptools import setup

    with tempfile.TemporaryDirectory() as work:
        options = [
            "--config-file=",
            "--explicit-package-bases",
            "--follow-imports=silent",
            f"--cache-dir={os.devnull}",
        ]
        extensions = mypycify([*options, *COMPILED], opt_level="3", debug_level="0", target_dir=work)
        arguments = ["build_ext", "--build-lib", place, "--build-temp", work]
        setup(name="modelwarden", packages=[], ext_modules=extensions, script_args=arguments)


if __name__ == "__main__":
    main(sys.argv[1])
