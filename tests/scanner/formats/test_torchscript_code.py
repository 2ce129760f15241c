"""TorchScript archives that torch made: harmless ones are silent, those that reach files are not."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelwarden.domain.budget import Budget, Limits
from modelwarden.domain.format import Head, Scope
from modelwarden.domain.observation import Gap, Operator, Shortfall
from modelwarden.formats.torchscript_code import FORMAT
from modelwarden.policies.torchscript_io import POLICY
from modelwarden.source.memory import MemorySource

SAMPLES = Path(__file__).parent / "torchscript_samples"
HARMLESS = ("scripted", "frozen", "traced", "quantised")


def code(sample: str) -> Iterator[bytes]:
    """The code members of an archive that are not empty."""
    with zipfile.ZipFile(SAMPLES / f"{sample}.pt") as archive:
        for name in archive.namelist():
            if name.endswith(".py") and archive.read(name).strip():
                yield archive.read(name)


def operators(data: bytes) -> list[Operator]:
    facts = list(FORMAT.observe(MemorySource(data), Scope()))
    assert all(isinstance(fact, Operator) for fact in facts)
    return [fact for fact in facts if isinstance(fact, Operator)]


@pytest.mark.parametrize("sample", [*HARMLESS, "saves", "maps"])
def test_what_torch_writes_is_recognised(sample: str) -> None:
    members = list(code(sample))
    assert members
    assert all(FORMAT.recognise(Head(MemorySource(data), ".py")) for data in members)


@pytest.mark.parametrize("sample", HARMLESS)
def test_harmless_models_are_silent(sample: str) -> None:
    found = [operator for data in code(sample) for operator in operators(data)]
    assert ("aten", "relu") in {(operator.domain, operator.name) for operator in found}
    assert [operator for operator in found if POLICY.judge(operator)] == []


@pytest.mark.parametrize(("sample", "subject"), [("saves", "aten::save"), ("maps", "aten::from_file")])
def test_models_that_reach_files_are_not(sample: str, subject: str) -> None:
    judgements = [POLICY.judge(operator) for data in code(sample) for operator in operators(data)]
    assert [judgement.subject for judgement in judgements if judgement] == [subject]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"import torch\n\n\nclass Net(torch.nn.Module):\n    pass\n",
        b"from torch import nn\n\n\ndef make() -> nn.Module: ...\n",
        b"class A(dict):\n    pass\n",
        b"x = 1\n",
        b"PK\x03\x04",
    ],
)
def test_other_python_is_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".py"))


def test_a_comment_before_it_hides_nothing() -> None:
    data = b"\n# a comment\n\nop_version_set = 1\n" + next(code("saves"))
    assert FORMAT.recognise(Head(MemorySource(data), ".py"))


def test_other_suffixes_are_not_its_business() -> None:
    assert not FORMAT.recognise(Head(MemorySource(next(code("saves"))), ".txt"))


def test_code_without_end_is_read_so_far_and_says_so() -> None:
    data = b"def f(x: Tensor):\n" + b"  torch.save(x)\n" * 100
    scope = Scope(Budget(Limits(text_bytes=800)))
    *found, gap = FORMAT.observe(MemorySource(data), scope)
    assert [fact.name for fact in found if isinstance(fact, Operator)] == ["save"]
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.LIMIT
