"""MW208: a template reaches for Python's internals."""

from modelwarden.domain.observation import Observation, Template
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW208",
    name="template-injection",
    severity=Severity.CRITICAL,
    summary="A Jinja template reaches for Python's internals.",
    explanation=(
        "The template looks up attributes that lead from any value to every class and module of the interpreter "
        "(__class__, __subclasses__, __globals__ and their kin), or it computes the name of what it looks up so that it could "
        "be one of them. Programs that render chat templates outside a sandbox run whatever it reaches, each time the model is "
        "used (CVE-2024-34359). A template that writes a conversation down never needs any of this."
    ),
    remedy=(
        "Do not render the template and do not use the model with it. Take the original publisher's template instead, "
        "and render templates with jinja2.sandbox.ImmutableSandboxedEnvironment only."
    ),
    cwe=(1336,),
    references=("CVE-2024-34359", "GHSA-56xg-wfcc-g829"),
)

_INTERNALS = frozenset(
    (
        "__class__ __mro__ __base__ __bases__ __subclasses__ __globals__ __builtins__ __import__ __dict__ __code__ __closure__ "
        "__func__ __self__ __wrapped__ __loader__ __spec__ __getattribute__ __reduce__ __reduce_ex__ __subclasshook__ "
        "__init_subclass__ __traceback__ __defaults__ __kwdefaults__ __weakref__ __objclass__ _TemplateReference__context mro "
        "func_globals func_code func_closure im_func im_class im_self gi_frame gi_code cr_frame cr_code ag_frame ag_code "
        "tb_frame tb_next f_globals f_locals f_builtins f_back f_code co_code"
    ).split()
)  # fmt: skip
"""Attributes that lead from a value into the interpreter. Source: the unsafe attributes of `jinja2/sandbox.py`, and the names by
which public chains go on from there. `__init__` and its like lead nowhere without one of these, and generators of code and of
documentation name them."""
_TELLING = frozenset(("__class__", "__dict__"))
"""Templates that write code or documentation ask a value for the name of its class."""
_NAMES = frozenset(("__name__", "__qualname__", "__doc__"))


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Template(holder, attributes=attributes, computed=computed):
            reached = [name for name in attributes if name in _INTERNALS]
            if not _NAMES.isdisjoint(attributes) and _TELLING.issuperset(reached):
                reached = []
            guessed = [name for name in computed if _may_be_internal(name)]
            if not reached and not guessed:
                return None
            return Judgement(
                subject=shorten(holder),
                message=f"The template in {shorten(holder)} looks up {_listed(reached, guessed)}: {_WHY}.",
                family="template",
            )
    return None


_WHY = "from there it reaches every module of the interpreter that renders it"


def _listed(reached: list[str], guessed: list[str]) -> str:
    shown = [*reached[:4], *(f"the computed name {shorten(name, 40)}" for name in guessed[:2])]
    more = len(reached) + len(guessed) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _may_be_internal(pattern: str) -> bool:
    """Whether a computed name, `…` for each unknown part, can be one of the internals."""
    first, *middle, last = pattern.split("…") if "…" in pattern else (pattern, pattern)
    return any(_fits(name, first, middle, last) for name in _INTERNALS)


def _fits(name: str, first: str, middle: list[str], last: str) -> bool:
    if not name.startswith(first):
        return False
    place = len(first)
    for part in middle:
        place = name.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return name.endswith(last) and place + len(last) <= len(name)


POLICY = Policy(RULE, _judge)
