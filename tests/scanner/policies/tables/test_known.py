"""One name, one answer: the tables are a partition, every row has a reason, and every fact has at most one rule."""

import itertools
from collections.abc import Iterator

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation
from modelwarden.domain.value import UNKNOWN, Blob, Global, Result, Value
from modelwarden.policies import HARMLESS, POLICIES
from modelwarden.policies.tables import code_objects, harmless, loaders, scanners, trampolines
from modelwarden.policies.tables.harmless import is_vetted_module
from modelwarden.policies.tables.known import DANGERS, VETTED, Kind, classify, module_reason
from modelwarden.policies.tables.names import ALIASES, canonical

SPAN = Span(0, 1)


def rows() -> Iterator[tuple[Kind, str, str, str]]:
    """Every exact row: its kind, module, name and reason."""
    for table in DANGERS:
        for module, names in table.callables.items():
            yield from ((Kind.DANGEROUS, module, name, reason) for name, reason in names.items())
    for kind, table in ((Kind.LOADER, loaders.CALLABLES), (Kind.CODE, code_objects.CALLABLES)):
        for module, names in table.items():
            yield from ((kind, module, name, reason) for name, reason in names.items())
    for module, shapes in trampolines.CALLABLES.items():
        yield from ((Kind.TRAMPOLINE, module, name, shape) for name, shape in shapes.items())
    for harmless_table in harmless.TABLES:
        for kind, listed in (
            (Kind.HARMLESS, harmless_table.names),
            (Kind.INSTANCE, harmless_table.instances),
        ):
            for module, text in listed.items():
                yield from ((kind, module, name, harmless_table.reason) for name in text.split())


ROWS = list(rows())


def test_no_name_stands_in_two_tables() -> None:
    kinds: dict[tuple[str, str], set[tuple[Kind, str]]] = {}
    for kind, module, name, reason in ROWS:
        kinds.setdefault((module, name), set()).add((kind, reason))
    assert {pair: found for pair, found in kinds.items() if len({kind for kind, _ in found}) > 1} == {}


def test_no_dangerous_name_stands_in_two_families() -> None:
    for one, other in itertools.combinations(DANGERS, 2):
        pairs = [
            {(module, name) for module, names in table.callables.items() for name in names}
            for table in (one, other)
        ]
        assert pairs[0] & pairs[1] == set(), (one.family, other.family)
        assert set(one.modules) & set(other.modules) == set(), (one.family, other.family)
        assert set(one.packages) & set(other.packages) == set(), (one.family, other.family)


def test_every_row_has_a_reason() -> None:
    assert [row for row in ROWS if not row[3]] == []
    for table in DANGERS:
        assert all((*table.modules.values(), *table.packages.values()))
    assert all(scanners.PACKAGES.values())


def test_every_row_stands_under_the_name_it_is_looked_up_by() -> None:
    assert [(module, name) for _, module, name, _ in ROWS if canonical(module) != module] == []
    whole = [module for table in DANGERS for module in (*table.modules, *table.packages)]
    assert [module for module in whole if canonical(module) != module] == []


def test_every_row_is_found() -> None:
    wrong = [
        (module, name, kind, classify(Global(module, name)).kind)
        for kind, module, name, _ in ROWS
        if classify(Global(module, name)).kind is not kind
    ]
    assert wrong == []


def test_nothing_harmless_lives_in_a_module_of_dangers_unless_it_is_named() -> None:
    assert classify(Global("_thread", "allocate_lock")).kind is Kind.HARMLESS
    assert classify(Global("_thread", "start_new_thread")).kind is Kind.DANGEROUS


@pytest.mark.parametrize("alias", ["posix", "nt", "os"])
def test_aliases_have_one_subject(alias: str) -> None:
    assert classify(Global(alias, "system")).subject == "os.system"


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("acme.externals.collections", "OrderedDict"),
        ("acme._vendor.numpy", "ndarray"),
        ("acme.cloudpickle", "whatever"),
        ("OS", "system"),
        ("os2", "system"),
        ("acme.subprocess", "Popen"),
        ("torch.nn", "whatever"),
        ("", ""),
        ("", "system"),
        (".", "."),
        ("a" * 100_000, "b" * 100_000),
    ],
)
def test_what_only_looks_like_a_known_name_is_unknown(module: str, name: str) -> None:
    assert classify(Global(module, name)).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("module", "name", "subject"),
    [
        ("acme._vendor.requests", "get", "requests.get"),
        (
            "acme.externals.cloudpickle.cloudpickle",
            "_make_function",
            "cloudpickle.cloudpickle._make_function",
        ),
        ("ray.cloudpickle", "loads", "cloudpickle.loads"),
        ("setuptools._distutils.spawn", "spawn", "distutils.spawn.spawn"),
        ("sklearn.externals.joblib.numpy_pickle", "load", "joblib.numpy_pickle.load"),
        ("six.moves.cPickle", "loads", "pickle.loads"),
    ],
)
def test_copies_are_judged_like_their_original(module: str, name: str, subject: str) -> None:
    known = classify(Global(module, name))
    assert known.kind not in (Kind.UNKNOWN, *VETTED)
    assert known.subject == subject


def test_a_module_is_dangerous_vetted_or_unknown() -> None:
    assert module_reason("posix")
    assert module_reason("builtins")
    assert module_reason("acme._vendor.requests")
    assert not module_reason("numpy")
    assert not module_reason("acme")
    assert is_vetted_module("numpy")
    assert is_vetted_module("sklearn.tree")
    assert not is_vetted_module("acme")


def test_what_the_reader_need_not_report_is_harmless_to_us_too() -> None:
    written: dict[str, list[str]] = {}
    for alias, module in ALIASES.items():
        written.setdefault(module, []).append(alias)
    pairs = {
        (spelling, name)
        for kind, module, name, _ in ROWS
        for spelling in (module, module.replace("numpy.core", "numpy._core", 1), *written.get(module, ()))
        if kind is Kind.HARMLESS and (spelling, name) in HARMLESS
    }
    assert len(pairs) > 4000
    assert [pair for pair in pairs if classify(Global(*pair)).kind is not Kind.HARMLESS] == []


def test_every_row_is_found_in_the_tables_of_its_package() -> None:
    """A table that is not named beside a package is not asked for the modules of it."""
    assert [
        (module, name)
        for kind, module, name, _ in ROWS
        if (kind is Kind.HARMLESS and (name not in harmless.names(module) or (module, name) not in HARMLESS))
        or (kind is Kind.INSTANCE and name not in harmless.instances(module))
    ] == []


@pytest.mark.parametrize(
    "pair",
    [
        ("collections", "OrderedDict"),
        ("_codecs", "encode"),
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("torch._utils", "_rebuild_tensor_v2"),
        ("torch", "FloatStorage"),
        ("_collections", "deque"),
    ],
)
def test_the_reader_is_told_the_common_spellings(pair: tuple[str, str]) -> None:
    assert pair in HARMLESS


@pytest.mark.parametrize(
    "pair",
    [
        ("copyreg", "_reconstructor"),
        ("torch._tensor", "_rebuild_from_type_v2"),
        ("torch.storage", "_load_from_bytes"),
        ("numpy.core", "_ufunc_reconstruct"),
        ("numpy.random._pickle", "__generator_ctor"),
        ("functools", "partial"),
        ("builtins", "type"),
        ("scipy.stats._continuous_distns", "norm_gen"),
    ],
)
def test_what_depends_on_its_arguments_or_state_is_not_harmless(pair: tuple[str, str]) -> None:
    assert pair not in HARMLESS


VALUES: tuple[Value, ...] = (
    UNKNOWN,
    "system",
    "shape",
    "os",
    "numpy",
    "os:system",
    7,
    Blob(0, 9, b"\x80\x04N."),
    Global("os", "system"),
    Global("builtins", "int"),
    Global("acme", "f"),
    Result(Global("acme", "f"), ()),
    ("id",),
)
GLOBALS = [
    *(Global(module, name) for _, module, name, _ in ROWS[::7]),
    *(Global(module, name) for module, names in trampolines.CALLABLES.items() for name in names),
    *(Global(module, "anything") for table in DANGERS for module in (*table.modules, *table.packages)),
    *(Global(package, "scan") for package in scanners.PACKAGES),
    Global("copyreg", "add_extension"),
    Global("torch.storage", "_load_from_bytes"),
    Global("pathlib", "os.system"),
    Global("acme", "f"),
    Global("__torch__.nets", "Model"),
]


def facts() -> Iterator[Observation]:
    """A broad set: every kind of global, imported, instantiated and called with many arguments."""
    callees: list[Value] = [
        *GLOBALS,
        UNKNOWN,
        Result(Global("operator", "attrgetter"), ("x",)),
        Result(Global("acme", "f"), ()),
    ]
    for target in GLOBALS:
        yield Import(target, SPAN)
    for callee in callees:
        for how in (How.REDUCE, How.NEWOBJ):
            yield Call(callee, (), how, SPAN)
            for value in VALUES:
                yield Call(callee, (value,), how, SPAN)
                yield Call(callee, ("x", value), how, SPAN)
                yield Call(callee, (value, "x", 1), how, SPAN)


def test_every_fact_has_at_most_one_rule() -> None:
    for fact in facts():
        answers = [policy.rule.id for policy in POLICIES if policy.judge(fact) is not None]
        assert len(answers) <= 1, (fact, answers)


def test_no_call_of_something_unvetted_goes_unsaid() -> None:
    quiet = {
        classify(fact.callee).kind
        for fact in facts()
        if isinstance(fact, Call)
        and isinstance(fact.callee, Global)
        and all(policy.judge(fact) is None for policy in POLICIES)
    }
    assert quiet == {Kind.HARMLESS, Kind.INSTANCE, Kind.TRAMPOLINE, Kind.LOADER}


def test_the_only_quiet_loader_is_the_one_whose_payload_is_read() -> None:
    quiet = {
        str(fact.callee)
        for fact in facts()
        if isinstance(fact, Call)
        and isinstance(fact.callee, Global)
        and classify(fact.callee).kind is Kind.LOADER
        and all(policy.judge(fact) is None for policy in POLICIES)
    }
    assert quiet == {"torch.storage._load_from_bytes"}


@pytest.mark.parametrize(
    ("module", "name", "kind"),
    [
        ("enum", "bltns.exec", Kind.CHAIN),
        ("pickle", "FunctionType", Kind.CODE),
        ("shelve", "Unpickler", Kind.LOADER),
        ("tarfile", "bltn_open", Kind.DANGEROUS),
        ("joblib.numpy_pickle", "Unpickler", Kind.LOADER),
        ("torch.nn.modules.module", "ModuleMeta", Kind.CODE),
        ("acme.nets", "Unpickler", Kind.UNKNOWN),
        ("acme.nets", "ModelMeta", Kind.UNKNOWN),
        ("ast", "FunctionType", Kind.HARMLESS),
        ("tomllib", "loads", Kind.INSTANCE),
        ("acme.compiled", "__pyx_unpickle_Node", Kind.INSTANCE),
        ("acme.compiled", "__pyx_capi__", Kind.UNKNOWN),
        ("scipy.stats._stats_py", "LinregressResult.__new__", Kind.HARMLESS),
    ],
)
def test_what_a_library_hands_on_is_what_it_was(module: str, name: str, kind: Kind) -> None:
    assert classify(Global(module, name)).kind is kind
