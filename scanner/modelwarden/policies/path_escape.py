"""MW301: the file takes its data from somewhere outside its own directory."""

from modelwarden.domain.observation import Observation, Reference, Role
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.locations import escape, hidden, is_url, public

RULE = Rule(
    id="MW301",
    name="path-escape",
    severity=Severity.CRITICAL,
    summary="The file takes its data from outside its own directory.",
    explanation=(
        "The numbers of a model may stand in files beside it, which it names. This one names a place outside its directory: an "
        "absolute path, a path that climbs out, another drive or machine, or a symbolic link that leads away. A loader then "
        "reads any file of the host into the model, where its outputs can carry it off, and a tool that saves the model again "
        "may overwrite that file. Loaders have had several holes in just this check."
    ),
    remedy=(
        "Do not load the file. Ask its author for one whose data stands beside it or inside it; with ONNX, "
        "onnx.save(model, path, save_as_external_data=False) keeps all numbers inside."
    ),
    cwe=(22, 59),
    references=("CVE-2022-25882", "CVE-2024-27318", "CVE-2024-5187", "CVE-2025-51480", "CVE-2026-27489"),
)

_WHAT = {
    Role.TENSORS: "The file takes numbers of its tensors from",
    Role.SHARD: "The file takes a part of the checkpoint from",
    Role.LINKED: "The file continues in",
}


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Reference(Role.LINK_OUT, location, holder):
            message = f"{public(location)}, which {_holder(holder)} names, is a link that leads out of the directory."
            return Judgement(public(location), message, hidden(location))
        case Reference(role, location, holder) if role in _WHAT:
            reason = escape(location)
            if not reason or (role is Role.LINKED and is_url(location)):
                return None
            message = f"{_WHAT[role]} {public(location)}, which {reason}; {_holder(holder)} names it."
            return Judgement(public(location), message, hidden(location))
    return None


def _holder(holder: str) -> str:
    return shorten(holder) or "the file"


POLICY = Policy(RULE, _judge)
