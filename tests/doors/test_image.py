"""The image, built from the Dockerfile and run by a real container engine.

Where no engine answers, Debian's is started for these tests with the base image that `prepare.sh` made of Debian packages under
the name the Dockerfile uses: Debian's Python, not the official image's. Where one answers, the official base image is used.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

TAG = "modelwarden-under-test"
LOCKED_DOWN = [
    "--network",
    "none",
    "--read-only",
    "--cap-drop",
    "ALL",
    "--security-opt",
    "no-new-privileges",
    "--memory",
    "512m",
]
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")


@dataclass(frozen=True)
class Engine:
    environment: Mapping[str, str]
    host_network: bool

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["docker", *arguments], env=self.environment, capture_output=True, text=True)

    def scan(
        self, models: Path, *arguments: str, options: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run the image locked down, `models` mounted read-only at /scan."""
        return self("run", "--rm", *LOCKED_DOWN, "--volume", f"{models}:/scan:ro", *options, TAG, *arguments)


@pytest.fixture(scope="module")
def engine(repository: Path) -> Iterator[Engine]:
    """The engine that answers, else one of our own that is gone afterwards, with everything it mounted or switched on."""
    found = Engine(os.environ, host_network=False)
    if found("info").returncode == 0:
        yield found
        return
    assert shutil.which("dockerd"), "no container engine: tests/doors/prepare.sh installs one"
    forwarding = FORWARDING.read_text()
    place = Path(tempfile.mkdtemp(prefix="modelwarden-engine-"))
    socket = f"unix://{place}/docker.sock"
    own = Engine(
        {**os.environ, "DOCKER_HOST": socket, "DOCKER_CONFIG": str(place / "config"), "DOCKER_BUILDKIT": "0"},
        host_network=True,
    )
    command = [
        "dockerd", f"--host={socket}", f"--data-root={place}/data", f"--exec-root={place}/exec",
        f"--pidfile={place}/pid", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--bridge=none",
    ]  # fmt: skip
    with (place / "log").open("w") as log:
        daemon = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(own, daemon, place / "log")
        give_base(own, repository)
        yield own
    finally:
        daemon.terminate()
        daemon.wait(60)
        for mount in mounts_below(place):
            subprocess.run(["umount", mount], check=True)
        shutil.rmtree(place)
        for group in Path("/sys/fs/cgroup").glob("*/docker"):
            group.rmdir()
        if FORWARDING.read_text() != forwarding:
            FORWARDING.write_text(forwarding)


def wait_for(engine: Engine, daemon: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while engine("info").returncode != 0:
        assert daemon.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)


def give_base(engine: Engine, repository: Path) -> None:
    """Import the stand-in under the name that the Dockerfile uses."""
    lines = (repository / "Dockerfile").read_text().splitlines()
    (base,) = (line.removeprefix("ARG BASE=") for line in lines if line.startswith("ARG BASE="))
    tar = repository / ".cache" / "doors" / "base.tar"
    made = engine("import", "--change", 'CMD ["python3"]', tar, base)
    assert made.returncode == 0, made.stderr


def mounts_below(place: Path) -> list[str]:
    """Mount points in `place`, the innermost first: the engine leaves its network namespace there."""
    points = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    return sorted((point for point in points if point.startswith(f"{place}/")), reverse=True)


@pytest.fixture(scope="module")
def image(engine: Engine, repository: Path) -> Engine:
    network = ["--network", "host"] if engine.host_network else []
    built = engine("build", *network, "--tag", TAG, repository)
    assert built.returncode == 0, built.stdout + built.stderr
    return engine


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A directory that the image's user may read, whatever the umask and the parents of `tmp_path`."""
    tmp_path.chmod(0o755)
    return tmp_path


def test_finds_what_a_hostile_model_would_run(image: Engine, models: Path, hostile: Path) -> None:
    shutil.copyfile(hostile, models / "bad model.pkl")
    done = image.scan(models, "scan", "/scan", "-f", "json")
    assert done.returncode == 1, done.stderr
    assert "MW101" in {finding["rule"] for finding in json.loads(done.stdout)["findings"]}


def test_passes_a_harmless_model(image: Engine, models: Path, harmless: Path) -> None:
    shutil.copyfile(harmless, models / "good.pkl")
    done = image.scan(models, "/scan")
    assert done.returncode == 0, done.stdout + done.stderr


def test_reads_variables_when_there_are_no_arguments(image: Engine, models: Path, hostile: Path) -> None:
    shutil.copyfile(hostile, models / "bad.pkl")
    options = ("--env", "INPUT_FAIL-ON=never", "--env", "MODELWARDEN_FORMAT=json")
    done = image.scan(models, options=options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["summary"]["findings"]["critical"] >= 1


def test_writes_a_report_where_it_may(image: Engine, models: Path, hostile: Path, tmp_path: Path) -> None:
    shutil.copyfile(hostile, models / "bad.pkl")
    reports = tmp_path / "reports"
    reports.mkdir()
    reports.chmod(0o777)
    options = ("--volume", f"{reports}:/reports")
    done = image.scan(models, "bad.pkl", "-f", "sarif:/reports/out.sarif", options=options)
    assert done.returncode == 1, done.stderr
    report = reports / "out.sarif"
    assert json.loads(report.read_text())["runs"][0]["results"]
    assert report.stat().st_uid == 10001


def test_an_unwritable_report_is_one_clear_line(image: Engine, models: Path, harmless: Path) -> None:
    shutil.copyfile(harmless, models / "good.pkl")
    done = image.scan(models, "good.pkl", "-f", "sarif:/scan/out.sarif")
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_runs_unprivileged_and_can_change_nothing(image: Engine, models: Path) -> None:
    told = image.scan(
        models, "-c", "id -u; touch /opt/modelwarden/x /entrypoint.sh", options=("--entrypoint", "sh")
    )
    assert told.stdout.strip() == "10001"
    assert told.returncode != 0
    code = "import socket; print([name for _, name in socket.if_nameindex()])"
    network = image.scan(models, "-c", code, options=("--entrypoint", "/opt/modelwarden/bin/python"))
    assert network.stdout.strip() == "['lo']"


def test_has_a_command_for_a_ci_that_empties_the_entrypoint(image: Engine, models: Path) -> None:
    done = image.scan(models, "-c", "modelwarden --version", options=("--entrypoint", "sh"))
    assert done.returncode == 0
    assert done.stdout.startswith("modelwarden ")


def test_holds_no_installer_and_no_build_tool(image: Engine, models: Path) -> None:
    told = image.scan(models, "-c", "ls /opt /opt/modelwarden/bin", options=("--entrypoint", "sh"))
    names = set(told.stdout.split())
    assert "modelwarden" in names
    assert names.isdisjoint({"pip", "pip3", "hatchling", "build"})


def test_leaves_the_checkout_out_of_the_build_context(repository: Path) -> None:
    rules = [
        line for line in (repository / ".dockerignore").read_text().splitlines() if line and line[0] != "#"
    ]
    assert rules[0] == "*"
    kept = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {
        word
        for line in (repository / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    }
    assert kept == copied
