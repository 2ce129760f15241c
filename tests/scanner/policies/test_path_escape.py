"""MW301: data that lies beside the file first, then what leads out of its directory."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Import, Observation, Quirk, Reference, Role
from modelwarden.domain.value import Global
from modelwarden.policies.path_escape import POLICY

SPAN = Span(4, 30)


@pytest.mark.parametrize(
    "fact",
    [
        Reference(Role.TENSORS, "weights.bin", "w", SPAN),
        Reference(Role.TENSORS, "part..0.bin", "w", SPAN),
        Reference(Role.SHARD, "sub/model-00001-of-00002.safetensors", "w", SPAN),
        Reference(Role.LINKED, "other.h5", "w", SPAN),
        Reference(Role.LINKED, "https://host/other.h5", "w", SPAN),
        Reference(Role.INPUT, "/usr/share/dict/words", "vocabulary", SPAN),
        Reference(Role.STAND_IN, "../../elsewhere", "outs", SPAN),
        Reference(Role.LIBRARY, "/lib/x.so", "layer", SPAN),
        Reference(Role.DOWNLOAD, "https://host/x", "get_file", SPAN),
        Anomaly(Quirk.PATH_TRAVERSAL, "../x", "climbs out", SPAN),
        Import(Global("os", "system"), SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_stays_inside_or_is_another_rules(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize("role", [Role.TENSORS, Role.SHARD, Role.LINKED])
@pytest.mark.parametrize(
    "location", ["/etc/passwd", "../../x", "a/../../x", "C:\\x", "\\\\host\\x", "file:///x", "~/x"]
)
def test_reports_what_leads_out(role: Role, location: str) -> None:
    judgement = POLICY.judge(Reference(role, location, "tensor w", SPAN))
    assert judgement is not None
    assert judgement.subject == location
    assert judgement.message.endswith("; tensor w names it.")


@pytest.mark.parametrize("role", [Role.TENSORS, Role.SHARD])
def test_reports_numbers_that_come_from_a_url(role: Role) -> None:
    assert POLICY.judge(Reference(role, "https://host/x", "", SPAN)) is not None


def test_reports_a_link_that_leads_out() -> None:
    judgement = POLICY.judge(Reference(Role.LINK_OUT, "weights.bin", "w", SPAN))
    assert judgement is not None
    assert judgement.message == "weights.bin, which w names, is a link that leads out of the directory."


def test_keeps_an_attackers_text_short() -> None:
    judgement = POLICY.judge(Reference(Role.TENSORS, "/" + "n" * 10_000, "h" * 10_000, SPAN))
    assert judgement is not None
    assert len(judgement.subject) <= 200
    assert len(judgement.message) < 800
