"""MW302: what is read from beside the file first, then other files and addresses."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Import, Observation, Reference, Role
from modelwarden.domain.value import Global
from modelwarden.policies.external_reference import POLICY

SPAN = Span(4, 30)


@pytest.mark.parametrize(
    "fact",
    [
        Reference(Role.INPUT, "vocab.txt", "text_vectorization", SPAN),
        Reference(Role.INPUT, "assets/vocab.txt", "text_vectorization", SPAN),
        Reference(Role.TENSORS, "weights.bin", "w", SPAN),
        Reference(Role.TENSORS, "/etc/passwd", "w", SPAN),
        Reference(Role.SHARD, "model-00001-of-00002.safetensors", "w", SPAN),
        Reference(Role.STAND_IN, "../x", "w", SPAN),
        Reference(Role.LINKED, "/other.h5", "w", SPAN),
        Reference(Role.LINK_OUT, "weights.bin", "w", SPAN),
        Import(Global("os", "system"), SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_is_harmless_or_another_rules(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize("location", ["other.h5", "https://host/other.h5"])
def test_reports_a_file_that_continues_in_another(location: str) -> None:
    judgement = POLICY.judge(Reference(Role.LINKED, location, "/weights", SPAN))
    assert judgement is not None
    assert judgement.message == f"The file continues in {location}; /weights names it."


@pytest.mark.parametrize(
    "location", ["/etc/passwd", "../words.txt", "gs://bucket/words", "file:///etc/passwd", "C:\\words"]
)
def test_reports_an_input_from_outside(location: str) -> None:
    judgement = POLICY.judge(Reference(Role.INPUT, location, "", SPAN))
    assert judgement is not None
    assert judgement.subject == location
    assert judgement.message.startswith(f"Loading reads {location}, which ")


def test_a_report_that_travels_holds_no_password() -> None:
    judgement = POLICY.judge(Reference(Role.LINKED, "https://me:secret@host/x?key=secret", "", SPAN))
    assert judgement is not None
    assert "secret" not in judgement.message + judgement.subject
    assert "secret" in judgement.argument
