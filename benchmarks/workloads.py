"""What is scanned, with which targets. Targets of the pure build first, of the compiled one behind where they differ."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.files import models, pickles, trees
from benchmarks.targets import Beyond, EachFile, Ends, Faster, Linear, Memory, Reads, Share, StartUps, Target

LOAD = "pickle.load"
PEERS = ("modelscan", "picklescan", "fickling", "modelaudit")


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to call us: `options` before the path, which is `inside` what was made. `{out}` is a scratch file.

    `code`: how it must end for its time to count; None: in any way.
    """

    name: str = ""
    options: tuple[str, ...] = ()
    inside: str = ""
    code: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """`make` writes a file or a folder called `file`. `peers` is who is run beside us; `lonely` says why some are not.

    `unread`: peers that pass over such a file. `loadable`: Python's own `pickle.load` is the anchor. `quick`: belongs to the
    short run. `tuned`: somebody had it at hand while the code was made fast.
    """

    name: str
    title: str
    file: str
    make: Callable[[Path], None]
    targets: tuple[Target, ...] = ()
    compiled: tuple[Target, ...] = ()
    variants: tuple[Variant, ...] = (Variant(),)
    peers: tuple[str, ...] = PEERS
    lonely: str = ""
    unread: tuple[str, ...] = ()
    loadable: bool = False
    quick: bool = True
    tuned: bool = True


_FOLDERS = tuple(peer for peer in PEERS if peer != "fickling")
_ONE_FILE = "fickling reads single pickles"
_PICKLES = ("modelscan", "picklescan")
"""What they would need further libraries for, or never read."""

WORKLOADS = (
    Workload(
        name="start", title="a malicious pickle of 45 bytes", file="start.pkl", make=pickles.malicious,
        variants=(Variant(code=1),),
        targets=(Share(0.8, "picklescan"), Memory(40)),
    ),
    Workload(
        name="dense", title="23 MB of opcodes that call nothing", file="dense.pkl", make=pickles.dense, loadable=True,
        targets=(Faster(20), Memory(40)),
    ),
    Workload(
        name="floats", title="27 MB list of floats", file="floats.pkl", make=pickles.floats, loadable=True,
        targets=(Faster(25), Memory(40)),
    ),
    Workload(
        name="bytes", title="524 MB of bytes objects", file="bytes.pkl", make=pickles.blobs, loadable=True,
        targets=(Faster(6), Memory(40)),
    ),
    Workload(
        name="active", title="the 23 MB between two instances", file="active.pkl", make=pickles.dense_active, loadable=True,
        targets=(Faster(4), Share(2, LOAD), Memory(150)), compiled=(Faster(15), Share(0.6, LOAD), Memory(150)),
    ),
    Workload(
        name="instances", title="150,000 small instances", file="instances.pkl", make=pickles.instances, loadable=True,
        targets=(Faster(2.5), Memory(100)), compiled=(Faster(9), Memory(100)),
    ),
    Workload(
        name="small", title="10,000 small pickles in one folder", file="small", make=pickles.small,
        targets=(EachFile(300, 10_000), Memory(100)), compiled=(EachFile(100, 10_000), Memory(100)),
        peers=_FOLDERS, lonely=_ONE_FILE,
    ),
    Workload(
        name="checkpoint", title="2 GB checkpoint of PyTorch", file="checkpoint.pt", make=pickles.checkpoint, quick=False,
        targets=(Reads(1, 2 << 30), StartUps(2), Memory(60)),
    ),
    Workload(
        name="safetensors", title="20 GB safetensors (sparse)", file="large.safetensors", make=models.safetensors,
        targets=(StartUps(2), Memory(60)), peers=_FOLDERS, lonely=_ONE_FILE, unread=_PICKLES,
    ),
    Workload(
        name="gguf", title="20 GB GGUF (sparse)", file="large.gguf", make=models.gguf,
        targets=(StartUps(2), Memory(60)), peers=_FOLDERS, lonely=_ONE_FILE, unread=_PICKLES,
    ),
    Workload(
        name="sarif", title="5,000 findings", file="findings", make=pickles.findings,
        targets=(Beyond(0.5, "sarif", "quiet"),),
        variants=(
            Variant("quiet", ("-q",), code=1), Variant("text", code=1), Variant("sarif", ("-q", "-f", "sarif:{out}"), code=1)
        ),
        peers=_FOLDERS, lonely=_ONE_FILE,
    ),
    Workload(
        name="hostile", title="hostile files", file="hostile", make=pickles.hostile,
        targets=(Linear(5, pickles.HOSTILE),),
        variants=tuple(
            Variant(f"{kind} {times}", (), f"{times}/{kind}", None) for kind in pickles.HOSTILE for times in (1, 4)
        ),
        peers=(), lonely="the question is our own growth",
    ),
    Workload(
        name="deadline", title="1 GB of opcodes, with and without --timeout 3", file="large.pkl", make=pickles.dense_large,
        targets=(Ends(4, "timeout"), Memory(40, "whole")),
        variants=(Variant("whole"), Variant("timeout", ("--timeout", "3"), code=2)),
        peers=(), lonely="peers need 40 GB and more of memory", quick=False,
    ),
    Workload(
        name="bytes-5g", title="5 GB pickle of bytes (sparse)", file="sparse.pkl", make=pickles.blobs_sparse,
        targets=(StartUps(2), Memory(40)), quick=False,
    ),
    Workload(name="keras-h5", title="Keras model in HDF5, 200 layers, 100 MB", file="keras.h5", make=models.keras_h5,
        targets=(Memory(150),), peers=_FOLDERS, lonely=_ONE_FILE, unread=_PICKLES,
    ),
    Workload(
        name="savedmodel", title="SavedModel of 50,000 nodes", file="savedmodel", make=models.saved_model,
        targets=(Memory(150),), peers=_FOLDERS, lonely=_ONE_FILE, unread=_PICKLES,
    ),
    Workload(
        name="onnx", title="ONNX with 500 MB of external data", file="onnx", make=models.onnx_external,
        targets=(StartUps(2), Reads(5, 500_000_000), Memory(60)), peers=_FOLDERS, lonely=_ONE_FILE, unread=_PICKLES,
    ),
    Workload(
        name="zip", title="ZIP archive of 5,000 members", file="archive.zip", make=models.archive,
        targets=(Faster(1), Memory(100)), peers=_FOLDERS, lonely=_ONE_FILE,
    ),
    Workload(
        name="tree", title="mixed tree of 10,000 files", file="tree", make=trees.mixed,
        targets=(Faster(1), Memory(150)), peers=_FOLDERS, lonely=_ONE_FILE,
    ),
    Workload(
        name="texts", title="protocol 0 with classes, 60,000 records", file="texts.pkl", make=pickles.texts, loadable=True,
        targets=(Faster(1), Memory(150)), tuned=False,
    ),
    Workload(
        name="compressed", title=".tar.gz of 3,000 mixed files", file="mixed.tar.gz", make=trees.compressed,
        targets=(Memory(100),), peers=_FOLDERS, lonely=_ONE_FILE, unread=_PICKLES, tuned=False,
    ),
)  # fmt: skip
