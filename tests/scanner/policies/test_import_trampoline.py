"""MW103: innocents first, then lookups that reach something dangerous or unknown."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation
from modelwarden.domain.value import UNKNOWN, Global, Result, Value
from modelwarden.policies.import_trampoline import POLICY
from modelwarden.policies.tables.trampolines import Shape

SPAN = Span(0, 1)
SYSTEM = Global("os", "system")
MODEL = Global("acme.nets", "Model")
COMPUTED = Result(Global("acme.nets", "spell"), (1,))


def call(module: str, name: str, *arguments: Value, how: How = How.REDUCE) -> Call:
    return Call(Global(module, name), arguments, how, SPAN)


INNOCENT: list[Observation] = [
    call("builtins", "getattr", UNKNOWN, "shape"),
    call("builtins", "getattr", MODEL, "forward"),
    call("builtins", "getattr", Global("numpy", "ndarray"), "reshape"),
    call("__builtin__", "getattr", Global("torch", "Tensor"), "add"),
    call("operator", "itemgetter", "text"),
    call("operator", "itemgetter", 1),
    call("operator", "itemgetter", "os", "system"),
    call("operator", "getitem", Global("typing", "Optional"), (Global("builtins", "int"),)),
    call("dill._dill", "_create_array", Global("numpy.core.multiarray", "_reconstruct"), (), UNKNOWN),
    call("_operator", "attrgetter", "stats.mean"),
    call("operator", "methodcaller", "lower"),
    call("functools", "partial", Global("builtins", "dict")),
    call("functools", "partial", MODEL),
    call("functools", "partial"),
    call("functools", "partial", Result(Global("builtins", "getattr"), (UNKNOWN, "get"))),
    call("functools", "partial", Result(Global("cloudpickle.cloudpickle", "_make_function"), ())),
    call("functools", "partial", Global("collections", "defaultdict"), Global("builtins", "int")),
    call("collections", "defaultdict"),
    call("collections", "defaultdict", Global("builtins", "list")),
    call("collections", "defaultdict", MODEL),
    call(
        "collections",
        "defaultdict",
        Result(
            Global("functools", "partial"), (Global("collections", "defaultdict"), Global("builtins", "int"))
        ),
    ),
    call("enum", "Enum", "NAME"),
    call("weakref", "ref", UNKNOWN),
    call("weakref", "ref", UNKNOWN, Global("builtins", "len")),
    call("numpy.random._pickle", "__bit_generator_ctor", "PCG64"),
    call("numpy.random._pickle", "__bit_generator_ctor", Global("numpy.random._pcg64", "PCG64")),
    call("operator", "methodcaller", "replace", "a", "b"),
    call("builtins", "getattr", UNKNOWN, "__getitem__"),
    call(
        "scipy.stats._stats_py",
        "LinregressResult.__new__",
        Global("scipy.stats._stats_py", "LinregressResult"),
    ),
    Call(MODEL, (), How.NEWOBJ, SPAN),
    Call(Result(Global("dill._dill", "_create_type"), ()), (), How.NEWOBJ, SPAN),
    call("builtins", "map", Global("builtins", "int"), ("1", "2")),
    call("builtins", "iter", ("a", "b")),
    call("builtins", "type", UNKNOWN),
    call("builtins", "type", "Name", (), UNKNOWN),
    call("builtins", "setattr", UNKNOWN, "training", 0),
    call("importlib", "import_module", "numpy"),
    call("importlib", "import_module", "sklearn.tree"),
    call("cloudpickle.cloudpickle", "subimport", "numpy.core"),
    call("copyreg", "_reconstructor", MODEL, Global("builtins", "object"), UNKNOWN),
    call("numpy.core", "_ufunc_reconstruct", "numpy", "exp"),
    call("numpy.random._pickle", "__generator_ctor", "PCG64"),
    call(
        "numpy.random._pickle",
        "__randomstate_ctor",
        "MT19937",
        Global("numpy.random._pickle", "__bit_generator_ctor"),
    ),
    call(
        "torch._tensor",
        "_rebuild_from_type_v2",
        Global("torch._utils", "_rebuild_tensor_v2"),
        Global("torch.nn.parameter", "Parameter"),
        (),
        UNKNOWN,
    ),
    call("os", "system", "id"),
    call("acme", "getattr", Global("os", ""), "system"),
    Import(Global("builtins", "getattr"), SPAN),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_says_nothing_of_innocent_lookups(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


GUILTY: list[tuple[Shape, Call, str]] = [
    (Shape.ATTRIBUTE, call("builtins", "getattr", Global("os", ""), "system"), "os.system"),
    (Shape.ATTRIBUTE, call("builtins", "getattr", Global("pathlib", "os"), "getcwd"), "os.getcwd"),
    (Shape.ATTRIBUTE, call("builtins", "getattr", UNKNOWN, "__globals__"), "__globals__"),
    (Shape.ATTRIBUTE, call("builtins", "getattr", UNKNOWN, "system"), "system"),
    (Shape.ATTRIBUTE, call("inspect", "getattr_static", COMPUTED, "_os"), "_os"),
    (Shape.ATTRIBUTE, call("builtins", "getattr", UNKNOWN, COMPUTED), "builtins.getattr"),
    (Shape.ATTRIBUTE, call("builtins", "getattr", COMPUTED), "builtins.getattr"),
    (Shape.ATTRIBUTE, call("builtins", "getattr", UNKNOWN, "run"), "run"),
    (Shape.ATTRIBUTE, call("builtins", "getattr", UNKNOWN, "__init__"), "__init__"),
    (Shape.ITEM, call("operator", "getitem", UNKNOWN, "__builtins__"), "operator.getitem"),
    (Shape.ITEM, call("operator", "getitem", UNKNOWN, 0), "operator.getitem"),
    (Shape.METHOD, call("operator", "methodcaller", "write_text", "x"), "write_text"),
    (Shape.METHOD, call("operator", "methodcaller", "__call__"), "__call__"),
    (Shape.NAMES, call("operator", "attrgetter", "a", UNKNOWN), "operator.attrgetter"),
    (Shape.BINDS, call("functools", "partial", UNKNOWN), "functools.partial"),
    (Shape.BINDS, call("functools", "partial", COMPUTED), "functools.partial"),
    (
        Shape.BINDS,
        call("functools", "partial", Global("importlib", "import_module")),
        "importlib.import_module",
    ),
    (
        Shape.BINDS,
        call("functools", "partial", Result(Global("operator", "methodcaller"), ("touch",)), UNKNOWN),
        "functools.partial",
    ),
    (Shape.FACTORY, call("collections", "defaultdict", COMPUTED), "collections.defaultdict"),
    (Shape.FACTORY, call("collections", "defaultdict", SYSTEM), "os.system"),
    (
        Shape.FACTORY,
        call("collections", "defaultdict", Result(Global("functools", "partial"), (COMPUTED,))),
        "collections.defaultdict",
    ),
    (Shape.CALLBACK, call("weakref", "ref", UNKNOWN, SYSTEM), "os.system"),
    (Shape.CALLBACK, call("weakref", "ref", UNKNOWN, COMPUTED), "weakref.ref"),
    (Shape.MAKER, call("numpy.random._pickle", "__bit_generator_ctor", MODEL), "acme.nets.Model"),
    (
        Shape.MAKER,
        call("numpy.random._pickle", "__bit_generator_ctor", COMPUTED),
        "numpy.random._pickle.__bit_generator_ctor",
    ),
    (
        Shape.MAKER,
        call(
            "numpy.random._pickle",
            "__generator_ctor",
            MODEL,
            Global("numpy.random._pickle", "__bit_generator_ctor"),
        ),
        "acme.nets.Model",
    ),
    (
        Shape.ITEM,
        call("operator", "getitem", Global("builtins", "__dict__"), "eval"),
        "builtins.__dict__.eval",
    ),
    (
        Shape.NAMES,
        call("operator", "attrgetter", "a", "b.__class__.__subclasses__"),
        "b.__class__.__subclasses__",
    ),
    (Shape.KEYS, call("operator", "itemgetter", COMPUTED), "operator.itemgetter"),
    (Shape.KEYS, call("operator", "itemgetter", "os", "__builtins__"), "__builtins__"),
    (Shape.CALLS, call("dill._dill", "_create_array", SYSTEM, ("id",), UNKNOWN), "os.system"),
    (Shape.METHOD, call("operator", "methodcaller", "system", "id"), "system"),
    (Shape.MODULE, call("importlib", "import_module", "os"), "os"),
    (Shape.MODULE, call("builtins", "__import__", "posix"), "os"),
    (Shape.MODULE, call("importlib", "import_module", "acme.payload"), "acme.payload"),
    (Shape.MODULE, call("importlib", "import_module", "builtins"), "builtins"),
    (Shape.MODULE, call("importlib", "import_module", COMPUTED), "importlib.import_module"),
    (Shape.MODULE, call("importlib", "reload", Global("os", "")), "os"),
    (Shape.MODULE, call("joblib.externals.cloudpickle", "subimport", "subprocess"), "subprocess"),
    (Shape.QUALIFIED, call("pkgutil", "resolve_name", "os:system"), "os.system"),
    (Shape.QUALIFIED, call("pydoc", "locate", "os.system"), "os.system"),
    (Shape.QUALIFIED, call("hydra.utils", "get_method", "acme.nets.build"), "acme.nets.build"),
    (Shape.QUALIFIED, call("logging.config", "dictConfig", UNKNOWN), "logging.config.dictConfig"),
    (Shape.PAIR, call("numpy.core", "_ufunc_reconstruct", "os", "system"), "os.system"),
    (Shape.PAIR, call("numpy._core", "_ufunc_reconstruct", "acme", "f"), "acme.f"),
    (Shape.BINDS, call("functools", "partial", SYSTEM, "id"), "os.system"),
    (Shape.BINDS, call("functools", "partial", Global("pickle", "loads")), "pickle.loads"),
    (Shape.CALLS, call("builtins", "map", SYSTEM, ("id",)), "os.system"),
    (Shape.CALLS, call("builtins", "map", MODEL, ("id",)), "acme.nets.Model"),
    (Shape.CALLS, call("functools", "reduce", Global("builtins", "getattr"), UNKNOWN), "builtins.getattr"),
    (
        Shape.CALLS,
        call("torch._tensor", "_rebuild_from_type_v2", SYSTEM, MODEL, ("id",), UNKNOWN),
        "os.system",
    ),
    (Shape.CALLS, call("builtins", "filter", COMPUTED, ("id",)), "builtins.filter"),
    (Shape.CALLS_SECOND, call("numpy.random._pickle", "__generator_ctor", "id", SYSTEM), "os.system"),
    (
        Shape.CALLS_SECOND,
        call("copyreg", "_reconstructor", MODEL, Global("subprocess", "Popen"), "id"),
        "subprocess.Popen",
    ),
    (Shape.ITERATES, call("builtins", "iter", SYSTEM, 1), "os.system"),
    (Shape.CHANGES, call("builtins", "setattr", MODEL, "forward", SYSTEM), "acme.nets.Model"),
    (Shape.CHANGES, call("operator", "setitem", Global("os", "environ"), "A", "b"), "os.environ"),
    (Shape.BINDS, call("functools", "partial", SYSTEM, how=How.NEWOBJ), "os.system"),
]


@pytest.mark.parametrize(("fact", "subject"), [guilty[1:] for guilty in GUILTY], ids=str)
def test_says_what_is_reached(fact: Call, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject
    assert judgement.family == "trampoline"


def test_every_shape_but_the_class_is_shown_guilty() -> None:
    assert {shape for shape, _, _ in GUILTY} == set(Shape) - {Shape.CLASS}


def test_the_message_shows_call_and_reason() -> None:
    judgement = POLICY.judge(call("builtins", "map", SYSTEM, ("id",)))
    assert judgement is not None
    assert judgement.message == (
        "Loading this file runs builtins.map(…): it reaches os.system, which runs a shell command."
    )


@pytest.mark.parametrize("maker", [UNKNOWN, COMPUTED], ids=str)
def test_an_instance_of_a_computed_class_is_a_lookup(maker: Value) -> None:
    judgement = POLICY.judge(Call(maker, (), How.NEWOBJ, SPAN))
    assert judgement is not None
    assert judgement.subject == "a computed class"
