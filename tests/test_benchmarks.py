"""The benchmarks measure what they say: the files are what they are called, and commands are counted, killed and judged rightly.

No test asserts a time.
"""

import io
import pickle
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import table
from benchmarks.files import models, pickles, trees
from benchmarks.measure import Command, Measured, Patience, Usage, interleaved, run
from benchmarks.targets import Beyond, Ends, Faster, Linear, Memory, Place, Reads, Share, StartUps
from benchmarks.workloads import WORKLOADS
from modelwarden.domain.report import Coverage
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.engine.scan import scan


@pytest.mark.parametrize(
    ("name", "make", "form"),
    [
        ("m.h5", lambda path: models.keras_h5(path, layers=3, units=4), "hdf5"),
        ("saved_model", lambda path: models.saved_model(path, nodes=50), "saved-model"),
        ("onnx", lambda path: models.onnx_external(path, tensors=3, size=4_000), "onnx"),
        ("m.safetensors", lambda path: models.safetensors(path, size=100_000, tensors=5), "safetensors"),
        ("m.gguf", lambda path: models.gguf(path, size=100_000, tensors=5), "gguf"),
        ("m.zip", lambda path: models.archive(path, members=20), "zip"),
        ("tree", lambda path: trees.mixed(path, files=200), "npy"),
        ("m.tar.gz", lambda path: trees.compressed(path, members=40), "gzip"),
    ],
)
def test_what_is_scanned_is_what_it_is_called_and_clean(
    name: str, make: Callable[[Path], None], form: str, tmp_path: Path
) -> None:
    make(tmp_path / name)
    report = scan([str(tmp_path / name)], Settings())
    assert not [finding.message for finding in report.findings if finding.rule.severity >= Severity.WARNING]
    assert not [note.message for note in report.notes]
    assert form in {format_ for file in report.files for format_ in file.formats}


def test_the_dense_pickle_is_what_python_writes() -> None:
    out = io.BytesIO()
    pickles._dense(out, 2_500)
    loaded = pickle.loads(out.getvalue())
    assert len(loaded) == 2_500
    assert len(pickle.dumps(loaded, 4)) <= len(out.getvalue())


def test_the_checkpoint_is_one_of_torch_without_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = pickles._state(3, 4096 * 4)
    assert b"_rebuild_tensor_v2" in state
    assert "torch" not in sys.modules
    with zipfile.ZipFile(tmp_path / "m.pt", "w") as archive:
        archive.writestr("archive/data.pkl", state)
        archive.writestr("archive/version", "3\n")
        for number in range(3):
            archive.writestr(f"archive/data/{number}", bytes(4096 * 4))
    report = scan([str(tmp_path / "m.pt")], Settings())
    assert report.files[0].formats == ("pytorch",)
    assert report.files[0].coverage is Coverage.COMPLETE
    assert report.findings == ()


def test_the_attack_has_45_bytes() -> None:
    assert len(pickles.MALICIOUS) == 45


def test_hostile_files_are_all_there_once_and_four_times_as_large() -> None:
    small, large = (dict(pickles._hostile(count)) for count in (100, 400))
    assert tuple(small) == tuple(large) == pickles.HOSTILE
    for name, data in small.items():
        assert 2.5 < len(large[name]) / len(data) < 5.5


def test_every_workload_has_a_name_of_its_own_and_a_target() -> None:
    assert len({one.name for one in WORKLOADS}) == len({one.file for one in WORKLOADS}) == len(WORKLOADS)
    assert all(one.targets for one in WORKLOADS)
    assert any(not one.tuned for one in WORKLOADS)


linux = pytest.mark.skipif(sys.platform != "linux", reason="counts what /proc tells")
PYTHON = (sys.executable, "-I", "-S", "-c")


@linux
def test_a_command_is_counted_with_its_children(tmp_path: Path) -> None:
    code = (
        "import os, subprocess, sys\n"
        "hold = bytearray(60_000_000)\n"
        "open(sys.executable, 'rb').read(3_000_000)\n"
        "subprocess.run([sys.executable, '-I', '-S', '-c', 'x = bytearray(90_000_000)'])\n"
        "sys.exit(7)"
    )
    usage = run(Command("test", (*PYTHON, code)), 60, tmp_path)
    assert usage.code == 7
    assert usage.ended
    assert usage.cpu > 0
    assert usage.memory > 90_000_000
    assert usage.read > 6_000


@linux
def test_a_command_that_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    code = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
    usage = run(Command("test", (*PYTHON, code)), 0.5, tmp_path)
    assert not usage.ended
    assert usage.wall < 600


@linux
def test_commands_run_in_turn_and_the_first_turn_does_not_count(tmp_path: Path) -> None:
    log = tmp_path / "log"
    wanted = [Command(name, (*PYTHON, f"open({str(log)!r}, 'a').write({name!r})")) for name in ("a", "b")]
    results = interleaved(wanted, Patience(rounds=2, seconds=60), tmp_path)
    assert log.read_text() == "ababab"
    assert [len(one.runs) for one in results.values()] == [2, 2]


def measured(cpu: float, *, memory: int = 0, read: int = 0, ended: bool = True, code: int = 0) -> Measured:
    return Measured([Usage(cpu, cpu, memory, read, code, ended)])


def test_targets_are_judged_by_the_right_column() -> None:
    results = {
        "start": {"pure": measured(0.1)},
        "w": {
            "pure": measured(0.15, memory=30_000_000, read=500),
            "pure sarif": measured(0.5),
            "pure k 1": measured(0.2),
            "pure k 4": measured(1.7),
            "modelscan": measured(3.0),
            "picklescan": measured(0.1, ended=False),
        },
    }
    place = Place(results, "w", "pure")
    assert Faster(20).judge(place).met is True
    assert Faster(21).judge(place).met is False
    assert Faster(21, "picklescan").judge(place).met is None
    assert Faster(1, "modelaudit").judge(place).met is None
    assert Share(0.05, "modelscan").judge(place).met is True
    assert Share(0.04, "modelscan").judge(place).met is False
    assert StartUps(1.6).judge(place).met is True
    assert StartUps(1.4).judge(place).met is False
    assert Memory(30).judge(place).met is True
    assert Memory(29).judge(place).met is False
    assert Reads(1, 50_000).judge(place).met is True
    assert Beyond(0.3, "sarif", "").judge(place).met is False
    assert Ends(0.1).judge(place).met is False
    assert Linear(5, ("k", "none")).judge(place).met is False
    assert Linear(17, ("k",)).judge(place).met is True


@linux
def test_a_command_that_ended_in_another_way_meets_nothing() -> None:
    results = {"dense": {"pure": measured(0.01, code=2), "modelscan": measured(9.0)}}
    missed = table.missed(results, ["pure"])
    assert len(missed) == 2
    assert all(line.endswith("but exit code 2, not 0") for line in missed)
    page = table.document(results, ["pure"], {"modelwarden": "0"}, Patience())
    assert "exit code 2, not 0" in page
    assert str(Path.home()) not in page
