"""What the tests of the doors share: the samples, a clean environment, the wheel."""

import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CORPUS = REPOSITORY / "tests" / "corpus"


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def harmless() -> Path:
    """A model that nothing is wrong with, made by scikit-learn."""
    return CORPUS / "benign" / "sklearn" / "logistic-regression-protocol-5.pkl"


@pytest.fixture(scope="session")
def hostile() -> Path:
    """A pickle that calls os.system when it is loaded."""
    return CORPUS / "malicious" / "dangerous-call" / "os-system.pkl"


@pytest.fixture(scope="session")
def clean_environment() -> Mapping[str, str]:
    """The environment without what this repository, its virtual environment or a surrounding CI put there."""
    dropped = ("GITHUB_", "INPUT_", "MODELWARDEN_", "PYTHON", "PYTEST_", "RUNNER_", "VIRTUAL_ENV", "GIT_")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(dropped) or name.startswith("GIT_SSL_")
    }
    environment["PATH"] = os.pathsep.join(
        part for part in os.environ["PATH"].split(os.pathsep) if Path(part) != Path(sys.prefix) / "bin"
    )
    return environment


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the locked build tools and nothing else."""
    place = tmp_path_factory.mktemp("build")
    venv.create(place / "tools", with_pip=True)
    pip: list[str | Path] = [place / "tools" / "bin" / "python", "-I", "-m", "pip", "install", "--quiet"]
    locked = ["--disable-pip-version-check", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*pip, *locked, "-r", REPOSITORY / "requirements" / "build.txt"], check=True)
    build: list[str | Path] = [
        place / "tools" / "bin" / "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        place / "dist",
    ]
    subprocess.run(build, cwd=REPOSITORY, check=True)
    (built,) = (place / "dist").glob("modelwarden-*.whl")
    return built
