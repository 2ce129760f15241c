"""MW210: programs under names of programs, then under those of models and data."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Observation, Place, Program, Quirk
from modelwarden.policies.embedded_executable import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Program("ELF", Place.FILE, "libops.so", SPAN),
        Program("ELF", Place.FILE, "libops.so.1.2", SPAN),
        Program("ELF", Place.FILE, "_ops.pyd", SPAN),
        Program("ELF", Place.FILE, "ops.dll", SPAN),
        Program("ELF", Place.FILE, "setup.exe", SPAN),
        Program("ELF", Place.FILE, "tool", SPAN),
        Program("ELF", Place.FILE, "libops.1.dylib", SPAN),
        Program("ELF", Place.FILE, "soffice.bin", SPAN),
        Program("ELF", Place.FILE, "tool-linux-x86_64.bin", SPAN),
        Program("ELF", Place.FILE, "install.bin", SPAN),
        Program("ELF", Place.FILE, "valgrind.bin", SPAN),
        Program("ELF", Place.FILE, "kernel.ko", SPAN),
        Program("ELF", Place.FILE, "addon.node", SPAN),
        Program("ELF", Place.FILE, "ls", SPAN),
        Program("ELF", Place.FILE, "g++12", SPAN),
        Program("script", Place.FILE, "model.pt", SPAN),
        Program("ELF", Place.MEMBER, "model.bin", SPAN),
        Program("ELF", Place.TAIL, "model.bin", SPAN),
        Anomaly(Quirk.POLYGLOT, "end", "4 bytes follow", SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_belongs_there(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (Program("ELF", Place.FILE, "pytorch_model.bin", SPAN), "pytorch_model.bin"),
        (Program("ELF", Place.FILE, "model.safetensors", SPAN), "model.safetensors"),
        (Program("ELF", Place.FILE, "a.pt", SPAN), "a.pt"),
        (Program("ELF", Place.FILE, "MODEL.PKL", SPAN), "MODEL.PKL"),
        (Program("ELF", Place.FILE, "logo.png", SPAN), "logo.png"),
        (Program("ELF", Place.FILE, "README.md", SPAN), "README.md"),
        (Program("ELF", Place.FILE, "config.json", SPAN), "config.json"),
        (Program("ELF", Place.FILE, "weights.bin", SPAN), "weights.bin"),
        (Program("ELF", Place.FILE, "data.bin", SPAN), "data.bin"),
        (Program("ELF", Place.FILE, "x.h5", SPAN), "x.h5"),
        (Program("ELF", Place.FILE, "+72", SPAN), "+72"),
        (Program("ELF", Place.FILE, "data.pkl+1024", SPAN), "data.pkl+1024"),
        (Program("PE", Place.DATA, "model/data/0", SPAN), "model/data/0"),
        (Program("Mach-O", Place.FILE, "model.onnx", SPAN), "model.onnx"),
    ],
    ids=str,
)
def test_reports_what_does_not(fact: Observation, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject
    assert judgement.message
