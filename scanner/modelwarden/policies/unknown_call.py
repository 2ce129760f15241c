"""MW109: something is called of which nothing is known, or taken from the standard library without being vetted."""

from modelwarden.domain.observation import CONFIGURED, INSTANTIATING, Call, Import, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import elided, preview_arguments, shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global, Result
from modelwarden.policies.tables.configured import is_ordinary
from modelwarden.policies.tables.evaluators import evaluates
from modelwarden.policies.tables.known import Kind, classify
from modelwarden.policies.tables.names import canonical
from modelwarden.policies.tables.standard_modules import is_standard
from modelwarden.policies.tables.trampolines import LOOKUPS

RULE = Rule(
    id="MW109",
    name="unknown-call",
    severity=Severity.WARNING,
    summary="Loading the file calls, or takes from Python, something that is not known to be harmless.",
    explanation=(
        "The file has its loader call a function or a constructor that is on no list of harmless ones, or whatever another call "
        "returned. It may be an ordinary helper of the library that wrote the file. It may also be a function with side effects "
        "that nobody has listed yet: what is called runs while the file is loaded, with arguments that the file chooses. Of "
        "Python's own library, what nobody has vetted is reported even when it is only imported: models have no need of it, and "
        "whatever else the file holds may call it."
    ),
    remedy=(
        "Look at the function that is named. If it belongs to a package you trust and only rebuilds an object, ignore this "
        "finding for it. Otherwise ask the author for safetensors or ONNX, or load with weights_only=True (PyTorch) or skops "
        "(scikit-learn)."
    ),
    cwe=(502,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Import(target) if _is_standard(target):
            return _standard(target, "imports")
        case Call(Global() as target, _, how) if how in INSTANTIATING and _is_standard(target):
            return _standard(target, "makes an instance of")
        case Call(Global() as target, _, how) if how in CONFIGURED and (
            not _is_standard(target) or is_ordinary(classify(target).subject, how)
        ):
            return None
        case Call(_, _, how) if how in INSTANTIATING:
            return None
        case Call(Global() as target, arguments) if evaluates(target, arguments):
            return None
        case Call(Global() as target, arguments):
            known = classify(target)
            if known.kind not in (Kind.UNKNOWN, Kind.INSTANCE):
                return None
            shown = preview_arguments(arguments)
            subject = shorten(known.subject)
            return Judgement(
                subject=subject,
                message=f"Loading this file runs {subject}{elided(shown)}, which is not known to be harmless.",
                argument=shown,
            )
        case Call(Result(Global() as lookup), _) if classify(lookup).subject in LOOKUPS:
            return None
        case Call(Result() as callee, arguments):
            maker = callee.callee if isinstance(callee.callee, Global) else "a computed function"
            subject = shorten(f"{maker}{elided(preview_arguments(callee.arguments))}")
            return Judgement(
                subject=subject,
                message=f"Loading this file calls what {subject} returns.",
                argument=preview_arguments(arguments),
            )
        case Call(_, arguments):
            return Judgement(
                subject="a computed function",
                message="Loading this file calls something that is computed while it is loaded.",
                argument=preview_arguments(arguments),
            )
    return None


def _is_standard(target: Global) -> bool:
    known = classify(target)
    return known.kind is Kind.UNKNOWN and is_standard(canonical(target.module))


def _standard(target: Global, verb: str) -> Judgement:
    subject = shorten(classify(target).subject)
    return Judgement(
        subject=subject,
        message=f"Loading this file {verb} {subject}, which is part of Python and not known to be harmless.",
    )


POLICY = Policy(RULE, _judge)
