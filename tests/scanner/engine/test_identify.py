"""Content decides what a file is; a suffix only claims."""

import io
import pickle
import zipfile

import pytest

from modelwarden.domain.format import Head
from modelwarden.engine.identify import claims_a_model, identify, may_be_a_model, mismatch
from modelwarden.formats import FORMATS
from modelwarden.source.memory import MemorySource

BY_NAME = {form.name: form for form in FORMATS}


def names(data: bytes, suffix: str = "", expected: str = "") -> list[str]:
    return [form.name for form in identify(Head(MemorySource(data), suffix), expected)]


def archive(*members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        for member in members:
            written.writestr(member, pickle.dumps({}, 2))
    return out.getvalue()


def test_the_special_format_replaces_the_general_one() -> None:
    assert names(archive("m/data.pkl", "m/version")) == ["pytorch"]
    assert names(archive("a.txt")) == ["zip"]


def test_bytes_that_are_two_things_are_read_as_both() -> None:
    evil = b"cos\nsystem\n(S'id'\ntR."
    assert names(evil + archive("a.txt")) == ["pickle", "zip"]


def test_what_a_loader_will_read_it_as_is_read_as_that() -> None:
    assert names(b"garbage", expected="pickle") == ["pickle"]
    assert names(b"garbage") == []


def test_suffixes_claim_or_merely_may() -> None:
    assert claims_a_model(".pkl")
    assert not claims_a_model(".bin")
    assert may_be_a_model(".bin")
    assert not may_be_a_model(".md")


@pytest.mark.parametrize(
    ("form", "suffix", "odd"),
    [
        ("pickle", ".json", True),
        ("pickle", ".safetensors", True),
        ("pickle", ".pkl", False),
        ("pickle", ".pt", False),
        ("pickle", "", False),
        ("pickle", ".bin", False),
        ("pytorch", ".safetensors", True),
        ("pytorch", ".tar", False),
        ("safetensors", ".json", False),
    ],
)
def test_only_passive_names_are_betrayed(form: str, suffix: str, odd: bool) -> None:
    assert (mismatch(BY_NAME[form], suffix, 10) is not None) is odd
