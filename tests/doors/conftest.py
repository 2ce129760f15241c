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
GIT = ["git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false"]
"""Git, whatever is configured on this machine."""


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


@pytest.fixture(scope="session")
def hooks(
    tmp_path_factory: pytest.TempPathFactory, repository: Path, clean_environment: Mapping[str, str]
) -> Path:
    """A commit of this repository's files as they are now, committed or not, outside the checkout."""
    place = tmp_path_factory.mktemp("hooks")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repository, env=clean_environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        source = repository / name
        if source.is_file() and not name.startswith("tests/"):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(source.read_bytes())
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "snapshot"], ["tag", "v0"]):
        subprocess.run([*GIT, *command], cwd=place, env=clean_environment, check=True)
    return place
