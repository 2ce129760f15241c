"""Ordinary YAML states nothing and is not parsed; tags of Python and keys that name code are stated, however they are written."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import (
    Call,
    Gap,
    How,
    Import,
    Setting,
    Shortfall,
    Template,
    UnresolvedImport,
)
from modelwarden.domain.value import UNKNOWN, Global
from modelwarden.formats.yaml import FORMAT
from modelwarden.source.memory import MemorySource

SYSTEM = Global("os", "system")
EVIL = "_target_: os.system\ncommand: echo pwned\n"


def facts(text: str | bytes, *, name: str = "config.yaml", inside: bool = False) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(FORMAT.observe(MemorySource(data), Scope(name=name, inside=inside)))


def calls(text: str | bytes) -> list[tuple[object, object]]:
    return [(fact.callee, fact.how) for fact in facts(text) if isinstance(fact, Call)]


def recognised(data: bytes, suffix: str = "") -> bool:
    return FORMAT.recognise(Head(MemorySource(data), suffix))


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"a: 1", ".yaml"), (b"{{ helm }}", ".yml"), ("a: 1".encode("utf-16"), ".yaml"), (b"# only\n", ".yaml"),
        (b"a: !!python/name:os.system", ""), (b"\n# c\n%YAML 1.1\n---\n- a: !!python/tuple [1]", ".txt"),
        (b"!<tag:yaml.org,2002:python/object/apply:os.system> [a]", ".dat"), (b"a: 1\nb:\n  _target_: x.y\n", ""),
        (b"\xef\xbb\xbf# c\na: !!python/name:os.system", ".txt"), (b"\xef\xbb\xbfa: !!python/name:os.system", ".txt"),
        (b"artifact_path: a\nflavors:\n  python_function:\n    x: y\n", ""),
    ],
)  # fmt: skip
def test_recognises_yaml_by_suffix_or_strong_marks(data: bytes, suffix: str) -> None:
    assert recognised(data, suffix)


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"", ".yaml"), (b"a: \0", ".yaml"), (b"a: 1", ""), (b"a: 1", ".txt"), (b"_target_: x.y", ".md"),
        (b"# Title\n\n```yaml\na: !!python/name:os.system\n```", ".md"), (b"flavors: vanilla\n", ""),
        (b"x = '!!python/name:os.system'", ".py"), (b"see !!python/name in python/", ".md"),
    ],
)  # fmt: skip
def test_does_not_recognise_other_texts(data: bytes, suffix: str) -> None:
    assert not recognised(data, suffix)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n", "a: &a [*a]\n", "a: !Ref b\n", "a: !!python/tuple [1]\n", "a: !!python/unicode 'b'\n",
        "a: !!python/complex 1j\n", "a: !!python/object/other:b.c\n", "a: !!python/object\n", "a: '!!python/name:os.system'\n",
        "# !!python/name:os.system\na: 1\n", "a: |\n  !!python/name:os.system\n", "trust_remote_code: true\n",
        "_target_:\n  os.system: 1\n", "on: push\nrun: |\n  x \\\n  y\n", "{{ if _target_ }}\n", "\tx: _target_\n",
    ],
)  # fmt: skip
def test_ordinary_documents_state_nothing(text: str) -> None:
    assert facts(text, name="ordinary.yaml") == []


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.system [x]\n",
        "!<tag:yaml.org,2002:python/object/apply:os.system> [x]\n",
        "%TAG !p! tag:yaml.org,2002:python/\n---\n!p!object/apply:os.system [x]\n",
        "%TAG ! tag:yaml.org,2002:pyth\n---\n- !on/object/apply:os.system [x]\n",
        "!!pyth%6fn/object/apply:os.system [x]\n",
        "!!python/object/apply:os%2esystem [x]\n",
        "a: 1\n---\nb: !!python/object/apply:os.system [x]\n",
        "? !!python/object/apply:os.system [x]\n: 1\n",
        "b: !!python/object/apply:os.system [x]\n---\n[",
        "b: !!python/object/apply:os.system [x]\nc: [",
        "!!python/object/apply:os.system\nargs: [x]\n",
        "!!python/object/apply:os.system\nkwds: {command: x}\n",
    ],
)
def test_a_tag_is_a_call_however_it_is_written(text: str) -> None:
    found = [fact for fact in facts(text) if isinstance(fact, Call)]
    assert [(fact.callee, fact.arguments, fact.how) for fact in found] == [(SYSTEM, ("x",), How.TAG)]


def test_other_tags_import_or_make_an_instance() -> None:
    assert calls("!!python/object/new:a.B [x]\n") == [(Global("a", "B"), How.NEWOBJ)]
    assert calls("!!python/object:a.b.C {x: y}\n") == [(Global("a.b", "C"), How.NEWOBJ)]
    found = facts(
        "- !!python/name:os.system ''\n- !!python/module:os\n- !!python/name:eval\n- !!python/module:\n"
    )
    assert [fact.target for fact in found if isinstance(fact, Import)] == [
        SYSTEM, Global("os", ""), Global("builtins", "eval"),
    ]  # fmt: skip
    assert [fact for fact in found if isinstance(fact, UnresolvedImport)]


def test_nested_tags_are_all_stated() -> None:
    text = "!!python/object/new:tuple [!!python/object/new:map [!!python/name:eval , [x]]]\n"
    assert [fact.target for fact in facts(text) if isinstance(fact, Import)] == [Global("builtins", "eval")]
    assert len(calls(text)) == 2


def test_arguments_are_texts_numbers_and_lists_of_them() -> None:
    found = facts("!!python/object/apply:a.b [x, 1, [y, {z: 1}], {a: b}, 1.5]\n")
    assert [fact.arguments for fact in found if isinstance(fact, Call)] == [
        ("x", 1, ("y", UNKNOWN), UNKNOWN, "1.5")
    ]


def test_the_span_counts_bytes() -> None:
    text = "ü: ä\na: !!python/name:os.system\n"
    assert [fact.span.offset for fact in facts(text) if isinstance(fact, Import)] == [
        text.encode().index(b"!!")
    ]


@pytest.mark.parametrize(
    "text",
    [
        EVIL, "a:\n- {_target_: os.system, command: x}\n", '"_target_": "os.system"\n', '"\\x5ftarget_": os.system\n',
        '"_t\\u0061rget_": os.system\n', '? "_tar\\\n  get_"\n: os.system\n', "x: &a os.system\n_target_: *a\n",
        "? &k _target_\n: a.b\nc: {*k : os.system}\n", "x: &a {_target_: os.system}\ny: {<<: *a}\n", f"--- 1\n---\n{EVIL}",
        "target: os.system\nparams: {command: x}\n", "target: os.system\nnemo_version: 1\n",
        "class_path: os.system\ninit_args: {x: y}\n", "x: os\n_target_: ${x}.system\n",
        EVIL.encode("utf-16"), b"\xef\xbb\xbf" + EVIL.encode(), EVIL.replace("\n", "\r\n"), EVIL.replace("\n", "\r"),
    ],
)  # fmt: skip
def test_a_target_is_a_call_however_it_is_written(text: str | bytes) -> None:
    assert (SYSTEM, How.TARGET) in calls(text)


def test_constants_are_what_yaml_makes_of_them() -> None:
    text = "_target_: a.b\n_args_: [1, '1', yes, ~, x]\n"
    assert [fact.arguments for fact in facts(text) if isinstance(fact, Call)] == [
        (1, "1", True, UNKNOWN, "x")
    ]


def test_mlflow_models_and_templates() -> None:
    text = "flavors:\n  python_function:\n    loader_module: mine\n"
    assert [fact.value for fact in facts(text, name="MLmodel") if isinstance(fact, Setting)] == ["mine"]
    found = facts("chat_template: |\n  {{ messages }}\n")
    assert [fact.names for fact in found if isinstance(fact, Template)] == [("messages",)]


def test_broken_yaml_is_a_gap_only_where_a_loader_reads_it() -> None:
    broken = "_target_: [\n"
    assert facts(broken, name="values.yaml") == []
    for found in (facts(broken, name="model_config.yaml"), facts(broken, inside=True)):
        assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.MALFORMED]


def test_a_long_document_is_a_gap_only_with_such_a_key() -> None:
    blank = b"# x\n" * (3 << 20)
    assert facts(blank) == []
    assert [fact.shortfall for fact in facts(blank + EVIL.encode()) if isinstance(fact, Gap)] == [
        Shortfall.LIMIT
    ]


def test_aliases_are_not_expanded() -> None:
    levels = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert calls("\n".join(levels) + f"\nb: *a59\n{EVIL}") == [(SYSTEM, How.TARGET)]


def test_a_cycle_ends() -> None:
    assert calls("a: &a {b: *a, _target_: os.system, c: '${b.b}'}\n") == [(SYSTEM, How.TARGET)]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_nesting_ends(opening: str) -> None:
    facts(f"_target_: x.y\n---\n{opening * 5_000}")


def test_tags_are_counted() -> None:
    with pytest.raises(LimitReached):
        text = b"- !!python/name:a.b\n" * 20
        list(FORMAT.observe(MemorySource(text), Scope(Budget(Limits(members=10)))))


TOKENS = st.sampled_from(
    ["_target_", ": ", "os.system", "\n", "- ", "{", "}", "[", "]", "!!python/object/apply:", "!<tag:yaml.org,2002:python/", ">",
     "&a ", "*a", "<<", "'", '"', "\\x5f", "%TAG ! ", "---", "? ", "| ", "#", "\t", "${a}", "ü", "\x85", ", ", "x", "  "]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(TOKENS, max_size=40).map("".join))
def test_any_text_ends(text: str) -> None:
    recognised(text.encode(), ".yaml")
    facts(text, inside=True)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
@example(b"_target_: \xff\xfe")
@example(b"\xff\xfe_target_")
def test_any_bytes_end(data: bytes) -> None:
    recognised(data)
    facts(data, inside=True)
    facts(b"_target_: a.b\n" + data, inside=True)


def test_a_place_in_an_archive_makes_trust_count() -> None:
    assert facts("trust_remote_code: yes\n", inside=True) == [
        Setting("trust_remote_code", "true", "", Span(0, 17))
    ]
