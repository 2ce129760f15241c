"""MW103: a harmless-looking function reaches, by the name it is given, something dangerous or unknown."""

from typing import NamedTuple

from modelwarden.domain.observation import INSTANTIATING, Call, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import elided, preview_arguments, shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import UNKNOWN, Blob, Global, Result, Value
from modelwarden.policies.tables.harmless import is_vetted_module
from modelwarden.policies.tables.known import VETTED, Kind, Known, classify, module_reason
from modelwarden.policies.tables.names import canonical
from modelwarden.policies.tables.trampolines import (
    ACTING,
    QUIET_SPECIALS,
    STRONG_MODULES,
    STRONG_NAMES,
    WALKS,
    Shape,
    shape_of,
)

RULE = Rule(
    id="MW103",
    name="import-trampoline",
    severity=Severity.CRITICAL,
    summary="The file reaches something dangerous or unknown by way of a lookup.",
    explanation=(
        "Functions such as getattr, importlib.import_module, operator.methodcaller, functools.partial or map are harmless by "
        "themselves: they look up, import or call what they are given. Here they are given something dangerous, or something "
        "that is computed while the file is loaded. Attacks use them to keep the name of what they run out of sight."
    ),
    remedy=(
        "Do not load the file. Get the weights in a format that holds data alone, such as safetensors or ONNX, or load with "
        "weights_only=True (PyTorch) or skops (scikit-learn), which refuse such lookups."
    ),
    cwe=(470,),
)

_REACHED_MODULES = STRONG_MODULES | {f"_{name}" for name in STRONG_MODULES}


class _Reached(NamedTuple):
    """What a trampoline reaches, and why that matters; an empty subject stands for what is not known."""

    subject: str
    reason: str


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Call(Global() as target, arguments):
            known = classify(target)
            if known.kind is not Kind.TRAMPOLINE:
                return None
            reached = _reached(shape_of(known.subject), arguments)
            if reached is None:
                return None
            shown = preview_arguments(arguments)
            return Judgement(
                subject=shorten(reached.subject or known.subject),
                message=f"Loading this file runs {shorten(known.subject)}{elided(shown)}: {reached.reason}.",
                argument=shown,
                family="trampoline",
            )
        case Call(callee, _, how) if how in INSTANTIATING and not _is_made_here(callee):
            return Judgement(
                subject="a computed class",
                message="Loading this file makes an instance of a class that is computed while it is loaded.",
                family="trampoline",
            )
    return None


def _is_made_here(value: Value) -> bool:
    """Whether this is a function or class that the file builds by value: other rules judge what it holds."""
    return (
        isinstance(value, Result)
        and isinstance(value.callee, Global)
        and classify(value.callee).kind is Kind.CODE
    )


def _reached(shape: Shape, arguments: tuple[Value, ...]) -> _Reached | None:
    first, second = (*arguments, UNKNOWN, UNKNOWN)[:2]
    match shape:
        case Shape.ATTRIBUTE | Shape.CHANGES:
            return _attribute(first, second, changes=shape is Shape.CHANGES)
        case Shape.NAMES:
            names = [_attribute(UNKNOWN, name) for name in arguments or (UNKNOWN,)]
            return next((one for one in names if one is not None), None)
        case Shape.KEYS:
            keys = [_key(name) for name in arguments or (UNKNOWN,)]
            return next((one for one in keys if one is not None), None)
        case Shape.ITEM:
            return _item(first, second)
        case Shape.METHOD:
            return _attribute(UNKNOWN, first)
        case Shape.MODULE:
            return _module(first)
        case Shape.QUALIFIED:
            return _qualified(first)
        case Shape.PAIR:
            if isinstance(first, str) and isinstance(second, str):
                return _target(Global(first, second), called=True)
            return _computed("name")
        case Shape.BINDS:
            return _bound(first) if arguments else None
        case Shape.FACTORY:
            return _factory(first) if arguments else None
        case Shape.CALLBACK:
            return _bound(second) if len(arguments) > 1 else None
        case Shape.MAKER:
            return None if not arguments or isinstance(first, str) else _maker(first)
        case Shape.CALLS:
            return _target(first, called=True)
        case Shape.CALLS_SECOND:
            if _shape(second) is Shape.MAKER:
                return _reached(Shape.MAKER, arguments[:1])
            return _target(second, called=True) if len(arguments) > 1 else None
        case Shape.ITERATES:
            return _target(first, called=True) if len(arguments) > 1 else None
        case Shape.CLASS:
            return None  # one argument asks for a type; more build a class, which is MW105


def _attribute(owner: Value, name: Value, *, changes: bool = False) -> _Reached | None:
    """An attribute or a key by name; a key may be a number."""
    if changes and isinstance(owner, Global):
        return _Reached(str(owner), f"it changes {shorten(str(owner))} for the whole process")
    if isinstance(name, int):
        return None
    if not isinstance(name, str):
        return _computed("name")
    if isinstance(owner, Global):
        found = _target(Global(owner.module, f"{owner.name}.{name}" if owner.name else name), called=False)
        if found is not None:
            return found
    for step in name.split("."):
        if step in WALKS or step in STRONG_NAMES or step in _REACHED_MODULES:
            return _Reached(name, f"the name {shorten(step)} leads to code or commands")
        if not isinstance(owner, Global) and (step in ACTING or _is_special(step)):
            return _Reached(
                name, f"the name {shorten(step)} stands for an action, on an object that is not known"
            )
    return None


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and name not in QUIET_SPECIALS


def _key(key: Value) -> _Reached | None:
    """A key, of whatever mapping it will be: words are data there, and only special names lead on."""
    if isinstance(key, str):
        return _Reached(key, f"the name {shorten(key)} leads to code or commands") if key in WALKS else None
    return None if isinstance(key, int) else _computed("name")


def _item(owner: Value, key: Value) -> _Reached | None:
    """`owner[key]`: of a harmless class a generic type, `Optional[int]`; else as an attribute, for owners may be namespaces."""
    if not isinstance(owner, Global):
        return _computed("owner")
    if owner.name and classify(owner).kind in VETTED:
        return None
    return _attribute(owner, key)


def _module(name: Value) -> _Reached | None:
    if isinstance(name, Global):
        name = str(name)
    if not isinstance(name, str):
        return _computed("module")
    module = canonical(name)
    if reason := module_reason(name):
        return _Reached(module, f"it imports the module {shorten(module)}, which {reason}")
    if is_vetted_module(name) or is_vetted_module(module):
        return None
    return _Reached(module, f"it imports the module {shorten(name)}, of which nothing is known")


def _qualified(path: Value) -> _Reached | None:
    """`package.module.attribute` or `package.module:attribute`: the module may end at any dot."""
    if not isinstance(path, str):
        return _computed("name")
    module, colon, name = path.partition(":")
    if colon:
        return _target(Global(module, name), called=True) if name else _module(module)
    steps = path.split(".")[:16]
    if len(steps) == 1:
        return _module(path)
    vetted = False
    for end in range(1, len(steps)):
        found = classify(Global(".".join(steps[:end]), ".".join(steps[end:])))
        if found.kind is not Kind.UNKNOWN and found.kind not in VETTED:
            return _Reached(found.subject, _why(found))
        vetted = vetted or found.kind in VETTED
    if vetted:
        return None
    return _module(path)


def _shape(value: Value) -> Shape | None:
    """How a value would judge its own operand, if it is a trampoline."""
    if not isinstance(value, Global):
        return None
    known = classify(value)
    return shape_of(known.subject) if known.kind is Kind.TRAMPOLINE else None


def _bound(value: Value) -> _Reached | None:
    """What is kept to be called with whatever comes: something that can be read from the file, and no trampoline."""
    if isinstance(value, (str, int, Blob, tuple)) or _is_made_here(value):
        return None
    if _shape(value) in (Shape.FACTORY, Shape.CLASS):
        return None
    match value:
        case Global():
            return _target(value, called=False)
        case Result(callee, arguments) if _shape(callee) is Shape.ATTRIBUTE:
            return _reached(Shape.ATTRIBUTE, arguments)  # a method of an object in the file
    return _computed("function")


def _factory(value: Value) -> _Reached | None:
    """What is called without arguments when a key is missing: a type, or a partial that was judged when it was made."""
    match value:
        case Result(Global() as maker, (Global() as bound, *_)) if (
            classify(maker).subject == "functools.partial"
        ):
            value = bound
    if isinstance(value, Global) and _shape(value) in (Shape.FACTORY, Shape.CLASS):
        return None
    return _bound(value)


def _maker(value: Value) -> _Reached | None:
    if isinstance(value, Global):
        return _target(value, called=True)
    return _computed("class")


def _target(value: Value, *, called: bool) -> _Reached | None:
    """A callable that is kept, or called."""
    match value:
        case Global():
            found = classify(value)
            if found.kind in VETTED:
                return None
            if found.kind is Kind.UNKNOWN:
                subject = shorten(found.subject)
                return (
                    _Reached(found.subject, f"it calls {subject}, of which nothing is known")
                    if called
                    else None
                )
            return _Reached(found.subject, _why(found))
    return _computed("function") if called else None


def _computed(what: str) -> _Reached:
    return _Reached("", f"the {what} is computed while the file is loaded")


def _why(known: Known) -> str:
    subject = shorten(known.subject)
    match known.kind:
        case Kind.CHAIN:
            return f"it reaches {subject}, a name that {known.reason}"
        case Kind.SCANNER:
            return f"it reaches {subject}, part of {known.reason}"
    return f"it reaches {subject}, which {known.reason}"


POLICY = Policy(RULE, _judge)
