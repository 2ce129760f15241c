"""One file of every format, through the real command: the harmless together are silent, of the hostile not one is missed."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from modelwarden.formats import FORMATS
from tests.fuzz.mutations import CORPUS, Sample, formats_of, members_of


@dataclass(frozen=True, slots=True)
class Row:
    """Samples of one format, below `benign` and `malicious`; or why there can be none.

    A format that is only met inside others is shown by a file that holds it. `beside`: what the harmless one needs in its folder.
    """

    benign: str = ""
    malicious: str = ""
    no_benign: str = ""
    no_malicious: str = ""
    beside: tuple[str, ...] = ()


ROWS = {
    "pickle": Row("sklearn/logistic-regression-protocol-5.pkl", "dangerous-call/os-system.pkl"),
    "pytorch-legacy": Row("torch/checkpoint-legacy.pth", "dangerous-call/torch-legacy/pickle-4.pt"),
    "pytorch-tar": Row(no_benign="the layout itself is a finding", malicious="dangerous-call/torch-tar/pickle.pt"),
    "pytorch": Row("torch/state-dict.pt", "dangerous-call/torch-checkpoint.pt"),
    "torchscript-code": Row("torch/torchscript.pt", "torchscript-io/code/other-method.pt"),
    "npy": Row("npy/version-2.npy", "dangerous-call/numpy/subarray.npy"),
    "zip": Row("archive/nested.zip", "dangerous-call/archives/member-upper-case.zip"),
    "tar": Row("archive-tar/ustar.tar", "dangerous-call/archives/nemo.nemo"),
    "oci": Row("oci/docker-save.tar", "dangerous-call/hidden-in-archives/image.tar"),
    "gzip": Row("pandas/compressed.pkl.gz", "dangerous-call/archives/tar-gz.tgz"),
    "bzip2": Row("pandas/compressed.pkl.bz2", "dangerous-call/compressed/protocol-2.pkl.bz2"),
    "xz": Row("pandas/compressed.pkl.xz", "dangerous-call/compressed/named-pickle-xz.pkl"),
    "lzma": Row("joblib/lzma.joblib", "dangerous-call/compressed/protocol-2.pkl.lzma"),
    "zlib": Row("xgboost/ranker.joblib", "dangerous-call/compressed/protocol-2.pkl.zlib"),
    "lz4": Row("joblib/lz4.joblib", "dangerous-call/compressed/protocol-2.pkl.lz4"),
    "zstd": Row("archive-wrapped/stream.pkl.zst", "dangerous-call/hidden-in-archives/named-pickle-zst.pkl"),
    "seven-zip": Row("seven-zip/x86-and-lzma2.7z", "dangerous-call/hidden-in-archives/second-member.7z"),
    "rar": Row(no_benign="it is never unpacked", malicious="not-inspected/archives/version-5.rar"),
    "sealed": Row(no_benign="it is never unpacked", malicious="not-inspected/archives/compress.pkl.Z"),
    "joblib-zf": Row("stdlib/before-joblib-0.10.joblib", "dangerous-call/joblib/zf.joblib"),
    "safetensors": Row(
        "safetensors/torch.safetensors", "embedded-executable/behind the tensors of safetensors/model.safetensors"
    ),
    "onnx": Row("onnx/training.onnx", "path-escape/onnx-subgraphs-eight-deep/model.onnx"),
    "tensorrt": Row("tensorrt/kernels.engine", "embedded-executable/plug-in within an engine/model.engine"),
    "pmml": Row("pmml/tree.pmml", "xml-external-entity/pmml in utf-16/model.pmml"),
    "openvino": Row("openvino/opset-11.xml", "native-library/openvino layer names a library/model.xml"),
    "xml": Row("xml/illustrator.xml", "xml-external-entity/document parameter entity/settings.xml"),
    "executable": Row("programs/tool-linux-x86_64.bin", "embedded-executable/program as text/README.md"),
    "script": Row("programs/entrypoint", "embedded-script/shell as a checkpoint/pytorch_model.bin"),
    "path-configuration": Row(
        "path-configuration/distutils-precedence.pth", "embedded-script/path configuration runs a command/model.pth"
    ),
    "dvc": Row("dvc/plain/weights.json.dvc", "not-inspected/dvc-climbs-out/model.dvc", beside=("weights.json",)),
    "ini": Row("ini/spacy.cfg", "dangerous-call/ini-logging-keywords/logging.ini"),
    "json": Row("json/tokenizer_config.json", "dangerous-call/json-component-of-a-pipeline/model_index.json"),
    "requirements": Row("requirements/requirements-dev.txt", "untrusted-requirement/archive-other-index/model.mar"),
    "toml": Row("toml/Cargo.toml", "dangerous-call/toml-inline-table/config.toml"),
    "yaml": Row("mlflow/pyfunc/MLmodel", "dangerous-call/yaml-second-document/config.yaml"),
    "saved-model": Row(
        "tensorflow/saved-model/table-with-asset/saved_model.pb", "file-write-operator/saved-model-write-file/saved_model.pb"
    ),
    "graph-def": Row("tensorflow/graph/nested/frozen_graph.pb", "file-read-operator/graph-read-file/frozen_graph.pb"),
    "meta-graph": Row("tensorflow/meta-graph/vocabulary/model.meta", "python-operator/meta-graph/model.meta"),
    "tensorflow-text": Row("tensorflow/text/nested/graph.pbtxt", "python-operator/text-graph/graph.pbtxt"),
    "tensorflow-checkpoint": Row(
        "tensorflow/saved-model/table-with-asset/variables/variables.index", no_malicious="an index of numbers"
    ),
    "keras-metadata": Row(
        "tensorflow/keras-metadata/dense/keras_metadata.pb", "lambda-dangerous/keras-metadata/keras_metadata.pb"
    ),
    "tflite": Row("tensorflow/lite/with-labels.tflite", "python-operator/lite-flex/model.tflite"),
    "gguf": Row("gguf/values-of-every-type.gguf", "header-disagreement/gguf-tensor-twice/model.gguf"),
    "ggml": Row("ggml/gpt-2.bin", "dangerous-call/ggml-behind-the-tensors/model.bin"),
    "llamafile": Row("llamafile/model-elf.llamafile", "template-injection/llamafile/model.llamafile"),
    "jinja": Row("jinja/inventory.j2", "template-injection/capitals/chat_template.jinja"),
    "flax": Row("flax/kinds.msgpack", "dangerous-call/pickle as an extension in flax/model.flax"),
    "orbax": Row("orbax/ocdbt/manifest.ocdbt", "dangerous-call/orbax names a handler/_CHECKPOINT_METADATA"),
    "zarr": Row("orbax/zarr/params.Dense_0.bias/.zarray", "nested-loader/zarr chunks are pickles/.zarray"),
    "keras": Row("keras/keras2/functional.keras", "unsafe-switch/keras/function-reference.keras"),
    "keras-config": Row("keras/keras2/functional.json", "dangerous-call/keras/operation-by-name.json"),
    "hdf5": Row("keras/keras2/compiled-weights.hdf5", "lambda-dangerous/keras/user-block.h5"),
    "torchserve": Row("torchserve/compiled.mar", "handler-code/torchserve/evaluated.mar"),
    "skops": Row("skops/pipeline-with-a-function.skops", "dangerous-call/skops/behind-a-model.skops"),
    "xgboost": Row("boosters/trees.ubj", "dangerous-call/pickle behind a model of xgboost/model.ubj"),
    "lightgbm": Row("boosters/binary.txt", "dangerous-call/pickle behind a model of lightgbm/model.txt"),
    "catboost": Row("boosters/frame.cbm", no_malicious="trees alone"),
    "git-lfs": Row(no_benign="the model is not there", malicious="content-absent/git-lfs-pointer.pt"),
}  # fmt: skip


def test_every_format_has_its_row() -> None:
    assert {form.name for form in FORMATS} == ROWS.keys()
    for name, row in ROWS.items():
        assert bool(row.benign) != bool(row.no_benign), name
        assert bool(row.malicious) != bool(row.no_malicious), name


def _rows(kind: str) -> list[str]:
    return [name for name, row in ROWS.items() if getattr(row, kind)]


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for kind in ("benign", "malicious") for name in _rows(kind)]
)
def test_the_sample_is_what_its_row_says(name: str, kind: str) -> None:
    sample = Sample(path := getattr(ROWS[name], kind), (CORPUS / kind / path).read_bytes())
    assert name in formats_of(sample) or any(name in formats_of(member) for member in members_of(sample))


def _scan(kind: str, place: Path) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Exit code and report of a scan of one directory with all samples of a kind, and the format each file stands for."""
    wanted = {}
    for name in _rows(kind):
        sample = CORPUS / kind / getattr(ROWS[name], kind)
        (place / name).mkdir()
        for file in (sample.name, *(ROWS[name].beside if kind == "benign" else ())):
            shutil.copyfile(sample.with_name(file), place / name / file)
            wanted[f"{name}/{file}"] = name
    command = [sys.executable, "-m", "modelwarden", "scan", ".", "--format", "json"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, encoding="utf-8")
    return done.returncode, json.loads(done.stdout), wanted


def test_harmless_files_of_every_format_are_read_and_silent(tmp_path: Path) -> None:
    code, report, wanted = _scan("benign", tmp_path)
    loud = [finding for finding in report["findings"] if finding["severity"] in ("warning", "critical")]
    assert loud == []
    assert report["notes"] == []
    covered = {Path(file["path"]).as_posix(): file["coverage"] for file in report["files"]}
    assert covered == dict.fromkeys(wanted, "complete")
    assert report["summary"]["files_scanned"] == len(wanted)
    assert code == 0


def test_a_hostile_file_of_every_format_is_found(tmp_path: Path) -> None:
    code, report, wanted = _scan("malicious", tmp_path)
    bad = [finding for finding in report["findings"] if finding["severity"] in ("warning", "critical")]
    told = {Path(one["file"]).as_posix() for one in (*bad, *report["notes"])}
    assert {file: name for file, name in wanted.items() if file not in told} == {}
    assert code == 1
