"""Ordinary JSON states nothing and is not parsed; keys that name code, templates and shards are stated, however written."""

import json
from typing import Any

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
    Name,
    Reference,
    Role,
    Setting,
    Shortfall,
    Template,
    UnresolvedImport,
)
from modelwarden.domain.value import UNKNOWN, Global, Result
from modelwarden.formats.json import FORMAT
from modelwarden.source.memory import MemorySource


def facts(
    content: Any, *, name: str = "config.json", inside: bool = False, names: bool = False
) -> list[Fact]:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return list(FORMAT.observe(MemorySource(data), Scope(name=name, inside=inside, names=names)))


def recognised(data: bytes, suffix: str = ".json") -> bool:
    return FORMAT.recognise(Head(MemorySource(data), suffix))


# What is JSON


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b'{"a": 1}', ""), (b"{}", ".txt"), (b" \n[{}]", ""), (b'["a"]', ".model"), (b"\xef\xbb\xbf{}", ".json"),
        (b"[1, 2]", ".json"), ('{"a": 1}'.encode("utf-16"), ".json"), ('{"a": 1}'.encode("utf-32-be"), ".json"),
        (b" " * 9000 + b"{}", ".json"), (b'{ // a comment\n"a": 1}', ".json"),
    ],
)  # fmt: skip
def test_recognises_json_by_how_it_begins(data: bytes, suffix: str) -> None:
    assert recognised(data, suffix)


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"", ".json"), (b"hello", ".json"), (b"[section]\na=1", ".ini"), (b"[link]: x", ".md"), (b'{"a": 1}', ".ipynb"),
        (b'{"a": 1}', ".jsonl"), (b"{a}", ""), (b"{\x00\x01", ""), (b'{"a\x00', ""), (b"[2020-01-01] log", ""),
        (b"\x80\x04}.", ".json"), (b"\\begin{a}", ".json"),
    ],
)  # fmt: skip
def test_does_not_recognise_what_only_begins_alike(data: bytes, suffix: str) -> None:
    assert not recognised(data, suffix)


# What states nothing


@pytest.mark.parametrize(
    "content",
    [
        {}, [], {"a": [1, 2.5, None, True]}, {"target": "es2020"}, {"target": "a.b"}, {"target": "a b", "params": {}},
        {"_target_": 5}, {"_target_": "Net"}, {"_target_": "a b.c"}, {"_target_": ".a"}, {"_target_": ""},
        {"class_path": "/a/b.c"}, {"auto_map": None}, {"auto_map": 5}, {"chat_template": "chatml"}, {"chat_template": [1]},
        {"weight_map": []}, {"a": {"weight_map": {"x": "y"}}}, {"trust_remote_code": False}, {"type": "a.B"},
        {"_target_": "hydra.utils.instantiate", "_args_": [{"a": 1}]}, {"_target_": "${nowhere}"},
        {"_target_": "hydra.utils.get_class"}, {"_class_name": "UNet", "block": ["a-b", "c"]}, {"name": "os.system"},
        {"pip": ["git+https://x"], "dependencies": []}, {"_target_": "${a}", "a": "${_target_}"},
    ],
    ids=str,
)  # fmt: skip
def test_ordinary_keys_state_nothing(content: Any) -> None:
    assert facts(content) == []


def test_a_document_without_such_keys_is_not_parsed() -> None:
    assert facts(b'{"a": ') == []


def test_broken_json_with_such_a_key_is_a_gap_only_where_a_loader_reads_it() -> None:
    broken = b'{"_target_": "os.system", '
    assert facts(broken, name="tsconfig.json") == []
    for found in (facts(broken), facts(broken, name="x.json", inside=True)):
        assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.MALFORMED]


def test_trust_counts_only_where_a_loader_reads_it() -> None:
    assert facts({"trust_remote_code": True}, name="axolotl.json") == []
    assert facts({"trust_remote_code": True}) == [Setting("trust_remote_code", "true", "", Span(2, 17))]


# Calls


def calls(content: Any) -> list[tuple[object, tuple[object, ...]]]:
    return [(fact.callee, fact.arguments) for fact in facts(content) if isinstance(fact, Call)]


SYSTEM = Global("os", "system")


@pytest.mark.parametrize(
    ("content", "callee", "arguments"),
    [
        ({"_target_": "os.system", "command": "x"}, SYSTEM, ("x",)),
        ({"a": [[{"_target_": "os.system", "_args_": ["x", 1], "b": 1.5}]]}, SYSTEM, ("x", 1, UNKNOWN)),
        ({"target": "os.system", "params": {"command": "x"}}, SYSTEM, ("x",)),
        ({"target": "a.b", "nemo_version": "1"}, Global("a", "b"), ()),
        ({"class_path": "os.system", "init_args": {"c": ["x"]}}, SYSTEM, (("x",),)),
        ({"_target_": "pkg.sub.Class.make"}, Global("pkg.sub", "Class.make"), ()),
        ({"_target_": "a.b.os.system"}, Global("a.b", "os.system"), ()),
        ({"_target_": "a.subprocess.Popen"}, Global("a", "subprocess.Popen"), ()),
        ({"_target_": "a.pickle.Reader"}, Global("a.pickle", "Reader"), ()),
        ({"_target_": "a.__globals__.b"}, Global("a", "__globals__.b"), ()),
        ({"_target_": "${x}", "x": "os.system"}, SYSTEM, ("os.system",)),
        ({"_target_": "${m.0}.${n}", "m": ["os"], "n": "system"}, SYSTEM, (("os",), "system")),
        ({"x": "os.system", "y": {"_target_": "${..x}"}}, SYSTEM, ()),
        ({"y": {"_target_": "${.x}", "x": "os.system"}}, SYSTEM, ("os.system",)),
        ({"_target_": "a.b", "f": {"_target_": "c.d", "e": "f"}}, Global("a", "b"), (Result(Global("c", "d"), ("f",)),)),
        ({"_target_": "a.b", "f": {"_target_": "c.D", "_partial_": True}}, Global("a", "b"), (Global("c", "D"),)),
    ],
    ids=str,
)  # fmt: skip
def test_states_what_is_called_with_its_arguments(
    content: Any, callee: Global, arguments: tuple[object, ...]
) -> None:
    assert (callee, arguments) in calls(content)


def test_the_span_is_where_the_name_stands() -> None:
    data = b'{"a": {"_target_": "os.system"}}'
    assert [fact.span for fact in facts(data) if isinstance(fact, Call)] == [Span(data.index(b"os.sys"), 9)]


@pytest.mark.parametrize(
    "data",
    [
        b'{"\\u005ftarget_": "os.system"}', b'{"_targ\\u0065t_":"o\\u0073.system"}',
        b'{"_target_": "os.system", "_target_": 1}', b'{"_target_": 1, "_target_": "os.system"}',
        b'{"a": NaN, "_target_": "os.system"}', '{"ü": 1, "_target_": "os.system"}'.encode("utf-16-le"),
        b"[" * 300 + b'{"_target_": "os.system"}' + b"]" * 300, b"\xef\xbb\xbf" + b'{"_target_": "os.system"}',
        b'{"x":"' + b"y" * (3 << 20) + b'", "_target_": "os.system"}',
    ],
    ids=["escaped key", "escaped letters", "first of two", "second of two", "NaN", "UTF-16", "deep", "mark", "far away"],
)  # fmt: skip
def test_finds_the_call_however_it_is_written(data: bytes) -> None:
    assert [callee for callee, _ in calls(data)] == [SYSTEM]


def test_lookups_are_imports() -> None:
    lookup = {"_target_": "hydra.utils.get_method", "path": "os.system"}
    assert [fact.target for fact in facts(lookup) if isinstance(fact, Import)] == [SYSTEM]
    assert calls({"_target_": "a.b", "c": lookup}) == [(Global("a", "b"), (SYSTEM,))]


@pytest.mark.parametrize(
    "text", ["${oc.env:X}", "${oc.env:X,os.system}.y", "${oc.select:${a},b}", "a.${f:1}"]
)
def test_a_computed_target_is_unresolved(text: str) -> None:
    assert [fact for fact in facts({"_target_": text, "a": "b"}) if isinstance(fact, UnresolvedImport)]


# Hubs


def test_classes_of_others_are_settings_and_local_ones_calls() -> None:
    found = facts({"auto_map": {"AutoConfig": "a/b--c.D", "AutoModel": ["m.N", None]}})
    assert [(fact.key, fact.value, fact.holder) for fact in found if isinstance(fact, Setting)] == [
        ("auto_map", "a/b--c.D", "AutoConfig")
    ]
    assert [(fact.callee, fact.how) for fact in found if isinstance(fact, Call)] == [
        (Global("transformers_modules.m", "N"), How.CLASS_NAME)
    ]


def test_components_modules_and_adapters_name_classes() -> None:
    index = {"_class_name": "P", "unet": ["diffusers", "U"], "x": [None, None], "y": ["a--b", "C"]}
    found = facts(index)
    assert calls(index) == [(Global("diffusers", "U"), ())]
    assert [fact.value for fact in found if isinstance(fact, Setting)] == ["a--b.C"]
    assert calls([{"idx": 0, "type": "a.B"}]) == [(Global("a", "B"), ())]
    assert calls({"auto_mapping": {"parent_library": "os", "base_model_class": "system"}}) == [(SYSTEM, ())]
    own = [fact.value for fact in facts({"_class_name": ["pipeline", "Mine"]}) if isinstance(fact, Setting)]
    assert own == ["pipeline.Mine"]


@pytest.mark.parametrize(
    ("value", "holder"),
    [
        ("{{ a }}", "chat_template"),
        ([{"name": "x", "template": "{{ a }}"}], "chat_template.x"),
        ({"x": "{{ a }}"}, "chat_template.x"),
    ],
)
def test_templates_are_parsed(value: Any, holder: str) -> None:
    found = facts({"chat_template": value})
    assert [(fact.holder, fact.names) for fact in found if isinstance(fact, Template)] == [(holder, ("a",))]


def test_shards_are_stated_once_each() -> None:
    found = facts({"weight_map": {"a": "1.bin", "b": "2.bin", "c": "1.bin", "d": 5}})
    assert [(fact.role, fact.location) for fact in found if isinstance(fact, Reference)] == [
        (Role.SHARD, "1.bin"), (Role.SHARD, "2.bin"),
    ]  # fmt: skip


def test_names_are_stated_when_somebody_asks() -> None:
    content = {"_name_or_path": "a/b", "architectures": ["C"], "other": "d", "name": ""}
    assert facts(content) == []
    found = facts(content, names=True)
    assert [(fact.text, fact.holder) for fact in found if isinstance(fact, Name)] == [
        ("a/b", "_name_or_path"), ("C", "architectures"),
    ]  # fmt: skip


def test_pip_lines_count_inside_archives() -> None:
    content = {"dependencies": ["python", {"pip": ["torch==2", "git+https://x"]}]}
    assert facts(content) == []
    assert [fact.value for fact in facts(content, inside=True) if isinstance(fact, Setting)] == [
        "git+https://x"
    ]


# Limits


class Long:
    """A document of a given length, blanks behind its text; counts what is read at once."""

    def __init__(self, start: bytes, size: int) -> None:
        self.size = size
        self.most = 0
        self._start = start

    def read(self, offset: int, length: int) -> bytes:
        length = max(0, min(length, self.size - offset))
        self.most = max(self.most, length)
        return self._start[offset : offset + length].ljust(length, b" ")


def test_a_long_document_is_searched_in_windows_and_not_parsed() -> None:
    plain = Long(b'{"a": 1}', 40 << 20)
    assert list(FORMAT.observe(plain, Scope())) == []
    hit = Long(b'{"_target_": "os.system"}', 40 << 20)
    found = list(FORMAT.observe(hit, Scope()))
    assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.LIMIT]
    assert max(plain.most, hit.most) < 2 << 20


def test_a_document_beyond_reason_is_not_searched() -> None:
    with pytest.raises(LimitReached):
        list(FORMAT.observe(Long(b"{}", 65 << 30), Scope()))


def test_facts_are_counted() -> None:
    many = json.dumps([{"_target_": f"a.b{index}"} for index in range(20)]).encode()
    with pytest.raises(LimitReached):
        list(FORMAT.observe(MemorySource(many), Scope(Budget(Limits(members=10)))))


@pytest.mark.parametrize("depth", [900, 100_000])
def test_nesting_ends(depth: int) -> None:
    facts(b'{"_target_":' * depth + b'"os.system"' + b"}" * depth)


KEYS = st.sampled_from(
    "_target_ _args_ target params class_path init_args auto_map chat_template weight_map _class_name idx type pip path "
    "trust_remote_code auto_mapping parent_library base_model_class loader_module nemo_version name".split()
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
    | st.sampled_from(["os.system", "${a}", "${.target}", "${..x}", "a--b.C", "{{ x }}", "hydra.utils.get_class", "${"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(content=VALUES, cut=st.integers(0, 400))
def test_any_tree_ends(content: Any, cut: int) -> None:
    data = json.dumps(content).encode()
    for one in (data, data[:cut]):
        recognised(one)
        facts(one, inside=True, names=True)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
@example(b'{"_target_": "\xff.\xfe"}')
@example(b'{"_target_": "\\ud800.x", "auto_map": "\\ud800.y"}')
def test_any_bytes_end(data: bytes) -> None:
    recognised(data)
    facts(data, inside=True, names=True)
    facts(b'"_target_"' + data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-le"])
def test_blanks_before_the_document_hide_nothing(encoding: str) -> None:
    data = (" \n" * 3000 + '{"auto_map": {"AutoModel": "a/b--c.D"}}').encode(encoding)
    assert recognised(data)
    assert encoding.startswith(("utf-16", "utf-32")) or recognised(data, ".model")
    assert facts(data)
    assert not recognised(b" \n" * 3000 + b"text", ".model")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-be"])
def test_a_wide_document_beyond_reason_is_a_gap(encoding: str) -> None:
    data = ('{"auto_map": {"AutoModel": "a/b--c.D"}, "x": "' + "y" * (9 << 20) + '"}').encode(encoding)
    assert [fact.shortfall for fact in facts(data) if isinstance(fact, Gap)] == [Shortfall.LIMIT]
