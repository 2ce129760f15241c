"""MW102: something dangerous is looked up, and nothing was seen to call it."""

from modelwarden.domain.observation import INSTANTIATING, Call, Import, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.policies.tables.known import Kind, Known, classify
from modelwarden.policies.tables.trampolines import Shape, shape_of

RULE = Rule(
    id="MW102",
    name="dangerous-import",
    severity=Severity.CRITICAL,
    summary="The file imports something dangerous.",
    explanation=(
        "The file names a function or class that runs commands or code, loads other pickles, writes files or talks to the "
        "network. No call of it was seen, but the loader imports it and hands it to the object that is being built, where a "
        "method, a callback or a sort key can call it later. Trained models do not hold such functions."
    ),
    remedy=(
        "Do not load the file unless you know why it names this function. Get the weights in a format that holds data alone, "
        "such as safetensors or ONNX, or load with weights_only=True (PyTorch) or skops (scikit-learn), which refuse the name."
    ),
    cwe=(502,),
)

_IMPORTING = frozenset((Shape.MODULE, Shape.QUALIFIED, Shape.PAIR))
_CALLING = frozenset(("operator.call", "operator.__call__", "builtins.apply"))
_NAMED_AS_TYPES = frozenset(("numpy.memmap", "numpy.core.memmap.memmap"))
"""What joblib names as the type of an array that was mapped into memory; the array itself is read like any other."""


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Import(target):
            known = classify(target)
            if known.subject in _NAMED_AS_TYPES:
                return None
            if known.kind is Kind.TRAMPOLINE and (
                shape_of(known.subject) in _IMPORTING or known.subject in _CALLING
            ):
                return _judgement(
                    Known(Kind.TRAMPOLINE, known.subject, "imports or calls whatever it is given by name")
                )
        case Call(Global() as target, _, how) if how in INSTANTIATING:
            known = classify(target)
            if known.kind is not Kind.DANGEROUS:
                return None
        case _:
            return None
    if known.kind not in (Kind.DANGEROUS, Kind.LOADER, Kind.CODE):
        return None
    return _judgement(known)


def _judgement(known: Known) -> Judgement:
    subject = shorten(known.subject)
    return Judgement(
        subject=subject,
        message=f"Loading this file imports {subject}, which {known.reason}.",
        family=known.family or known.kind,
    )


POLICY = Policy(RULE, _judge)
