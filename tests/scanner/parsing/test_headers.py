"""What headers say: of files that the real libraries wrote, here or for the corpus; and any damage ends in silence."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import h5py
import joblib
import numpy as np
import pytest

from modelwarden.domain.settings import Settings
from modelwarden.engine.scan import scan

CORPUS = Path(__file__).parents[2] / "corpus" / "benign"
SETTINGS = Settings(describe=True)


def stated(path: Path) -> set[tuple[str, str]]:
    """Keys and values of all members of one file."""
    (file,) = scan([str(path)], SETTINGS).files
    return {(key, value) for _, key, value in file.properties}


def test_arrays_of_numpy(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((3, 4), dtype=np.float32))
    assert stated(tmp_path / "a.npy") >= {
        ("framework", "numpy"), ("format-version", "1.0"), ("dtype", "<f4"), ("parameters", "12"), ("tensor", "<f4 3x4 array"),
    }  # fmt: skip
    np.savez(tmp_path / "b.npz", w=np.zeros(5), s=np.float64(1))
    assert stated(tmp_path / "b.npz") >= {("tensor", "<f8 5 array"), ("tensor", "<f8 1 array")}


def test_hdf5_as_keras_marks_it(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "w.h5", "w") as file:
        file.attrs["keras_version"] = "3.9.0"
        file.attrs["backend"] = np.bytes_("jax")
        file.create_dataset("layers/dense/vars/0", data=np.zeros((4, 2), dtype=np.float16))
    assert stated(tmp_path / "w.h5") == {
        ("framework", "keras"), ("framework-version", "3.9.0"), ("backend", "jax"), ("tensors", "1"), ("parameters", "8"),
        ("tensor-bytes", "16"), ("dtype", "float16"), ("tensor", "float16 4x2 layers/dense/vars/0"),
    }  # fmt: skip


def test_a_file_of_joblib(tmp_path: Path) -> None:
    joblib.dump({"a": np.zeros(3)}, tmp_path / "m.joblib")
    assert ("framework", "numpy") in stated(tmp_path / "m.joblib")


def test_a_configuration_of_transformers(tmp_path: Path) -> None:
    configuration = {
        "_name_or_path": "org/base", "architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "bfloat16",
        "transformers_version": "4.57.0", "vocab_size": 32000, "license": "llama3", "auto_map": {"AutoModel": "modeling.Model"},
        "quantization_config": {"quant_method": "gptq"},
    }  # fmt: skip
    (tmp_path / "config.json").write_text(json.dumps(configuration), encoding="utf-8")
    assert stated(tmp_path / "config.json") >= {
        ("name", "org/base"), ("architecture", "LlamaForCausalLM"), ("model-type", "llama"), ("dtype", "bfloat16"),
        ("transformers-version", "4.57.0"), ("vocabulary", "32000"), ("licence", "llama3"), ("quantization", "gptq"),
    }  # fmt: skip
    assert any(key == "auto-map" for key, _ in stated(tmp_path / "config.json"))


def test_a_chat_template_is_measured(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text(
        json.dumps({"chat_template": "{{ a }}"}), encoding="utf-8"
    )
    assert stated(tmp_path / "tokenizer_config.json") >= {
        ("chat-template", "7 bytes"),
        ("template", "chat_template"),
    }


def test_the_package_of_a_web_page_states_no_licence(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"name": "x", "license": "AGPL-3.0"}), encoding="utf-8")
    (report,) = scan([str(tmp_path)], Settings()).files
    assert report.properties == ()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("safetensors/numpy.safetensors", {("framework", "numpy"), ("tensors", "2"), ("tensor", "F32 2x3 a")}),
        ("gguf/alignment-256.gguf", {("architecture", "llama"), ("tensor", "Q4_0 64x4 quantised"), ("framework", "ggml")}),
        ("onnx/if-loop-and-scan.onnx", {("format-version", "8"), ("operator-set", "ai.onnx 18"), ("tensor", "INT64 1 n")}),
        ("torch/checkpoint.ckpt", {("framework", "pytorch"), ("byte-order", "little"), ("storages", "27")}),
        ("keras/keras2/compiled.keras", {("framework-version", "2.21.0"), ("architecture", "Sequential")}),
        ("keras/keras2/compiled.h5", {("framework-version", "2.21.0"), ("backend", "tensorflow"), ("layer", "Dense dense_5")}),
        ("tensorflow/lite/dense.tflite", {("framework", "tflite"), ("operators", "1"), ("signature", "serving_default")}),
        ("boosters/dart.ubj", {("framework", "xgboost"), ("framework-version", "3.3.2"), ("objective", "reg:squarederror")}),
        ("boosters/binary.txt", {("framework", "lightgbm"), ("format-version", "v4"), ("objective", "binary sigmoid:1")}),
        ("sklearn/logistic-regression-protocol-5.pkl", {("framework-version", "scikit-learn 1.9.1")}),
    ],
)  # fmt: skip
def test_models_of_the_corpus(name: str, wanted: set[tuple[str, str]]) -> None:
    assert stated(CORPUS / name) >= wanted


def test_a_saved_model() -> None:
    found = stated(CORPUS / "tensorflow/saved-model/table-with-asset/saved_model.pb")
    assert found >= {("framework", "tensorflow"), ("tag", "serve")}
    assert {key for key, _ in found} >= {"framework-version", "signature", "operators"}


def test_protocols_of_scikit_learn_are_all_understood() -> None:
    models = sorted(CORPUS.glob("sklearn/logistic-regression-protocol-*.pkl"))
    assert models
    assert all(("framework-version", "scikit-learn 1.9.1") in stated(path) for path in models)


def damaged() -> Iterator[tuple[str, bytes]]:
    """Files of every described format with a few bytes changed, or cut off."""
    chance = random.Random(7)
    for name in (
        "safetensors/numpy.safetensors", "gguf/alignment-256.gguf", "onnx/if-loop-and-scan.onnx", "torch/checkpoint.ckpt",
        "keras/keras2/compiled.keras", "tensorflow/lite/dense.tflite", "boosters/dart.ubj", "boosters/binary.txt",
        "tensorflow/saved-model/table-with-asset/saved_model.pb", "npy/big-endian.npy",
    ):  # fmt: skip
        data = (CORPUS / name).read_bytes()
        for _ in range(12):
            broken = bytearray(data)
            for _ in range(4):
                broken[chance.randrange(min(len(broken), 2000))] = chance.randrange(256)
            yield Path(name).suffix, bytes(broken)
        yield Path(name).suffix, data[: chance.randrange(len(data))]


def test_damage_never_makes_a_reader_fail(tmp_path: Path) -> None:
    for number, (suffix, data) in enumerate(damaged()):
        (tmp_path / f"{number}{suffix}").write_bytes(data)
    described, plain = scan([str(tmp_path)], SETTINGS), scan([str(tmp_path)], Settings())
    assert [note for note in described.notes if note.rule.id == "MW905"] == []
    assert described.findings == plain.findings
    assert described.notes == plain.notes


def test_a_scan_that_does_not_ask_hears_of_licences_alone() -> None:
    report = scan([str(CORPUS / "gguf"), str(CORPUS / "keras"), str(CORPUS / "torch")], Settings())
    assert {key for file in report.files for _, key, _ in file.properties} <= {"licence"}
