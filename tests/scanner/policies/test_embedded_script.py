"""MW211: scripts under names of scripts and texts, then under those of models and data."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Observation, Place, Program, Quirk
from modelwarden.policies.embedded_script import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Program("script", Place.FILE, "install", SPAN),
        Program("script", Place.FILE, "tool.sh", SPAN),
        Program("script", Place.FILE, "README.md", SPAN),
        Program("script", Place.FILE, "notes.txt", SPAN),
        Program("script", Place.FILE, "cloud.yaml", SPAN),
        Program("script", Place.FILE, "cuda-installer.bin", SPAN),
        Program("script", Place.FILE, "config.in", SPAN),
        Program("ELF", Place.FILE, "model.pt", SPAN),
        Program("script", Place.MEMBER, "model.pt", SPAN),
        Program("ELF", Place.DATA, "model.pt", SPAN),
        Anomaly(Quirk.POLYGLOT, "end", "4 bytes follow", SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_belongs_there(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (Program("script", Place.FILE, "pytorch_model.bin", SPAN), "pytorch_model.bin"),
        (Program("script", Place.FILE, "model.safetensors", SPAN), "model.safetensors"),
        (Program("script", Place.FILE, "a.pkl", SPAN), "a.pkl"),
        (Program("script", Place.FILE, "config.json", SPAN), "config.json"),
        (Program("script", Place.FILE, "+72", SPAN), "+72"),
        (Program("Python", Place.FILE, "model.pth", SPAN), "model.pth"),
        (Program("script", Place.DATA, "a field", SPAN), "a field"),
        (Program("Python", Place.DATA, "a field", SPAN), "a field"),
    ],
    ids=str,
)
def test_reports_what_does_not(fact: Observation, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject
    assert judgement.message
