"""Names say what a file is: a library, a model, data, text, or only a place."""

import pytest

from modelwarden.policies.tables.claims import claims_data, claims_text, is_library, is_part, suffix


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("a.pt", ".pt"),
        ("a/b.PKL", ".pkl"),
        ("a\\b.bin", ".bin"),
        ("a", ""),
        (".zarray", ""),
        ("a.b/c", ""),
        ("", ""),
    ],
)
def test_suffixes(name: str, last: str) -> None:
    assert suffix(name) == last


@pytest.mark.parametrize(
    "name", ["a.so", "a.so.1", "a.so.1.2-rc1", "A.DLL", "a.pyd", "a.1.dylib", "a.dylib.2"]
)
def test_libraries(name: str) -> None:
    assert is_library(name)
    assert not claims_data(name)


@pytest.mark.parametrize("name", ["a.sox", "a.so.pt", "so", "a.exe", "a.bin"])
def test_no_libraries(name: str) -> None:
    assert not is_library(name)


@pytest.mark.parametrize(
    "name",
    [
        "pytorch_model.bin",
        "model-00001-of-00002.bin",
        "a.safetensors",
        "a.so.pt",
        "x.png",
        "A.NPZ",
        "data.bin",
    ],
)
def test_models_and_data(name: str) -> None:
    assert claims_data(name)


@pytest.mark.parametrize(
    "name",
    ["soffice.bin", "app-setup.bin", "tool_linux.bin", "node-x64.bin", "fw.bin", "a", "a.exe", "a.txt"],
)
def test_no_models(name: str) -> None:
    assert not claims_data(name)


def test_texts() -> None:
    assert claims_text("README.md")
    assert not claims_text("config.json")


@pytest.mark.parametrize(
    ("name", "part"),
    [("+72", True), ("a.pkl+72", True), ("g++12", False), ("+", False), ("a+b", False), ("72", False)],
)
def test_places(name: str, part: bool) -> None:
    assert is_part(name) is part
