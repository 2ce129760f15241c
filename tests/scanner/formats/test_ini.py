"""Ordinary INI states nothing; what logging evaluates and keys that name code are stated."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Call, Gap, Name, Shortfall
from modelwarden.domain.value import UNKNOWN, Global, Result
from modelwarden.formats.ini import FORMAT
from modelwarden.source.memory import MemorySource

SYSTEM = Global("os", "system")


def facts(text: str | bytes, *, names: bool = False) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(FORMAT.observe(MemorySource(data), Scope(name="a.ini", names=names)))


def called(expression: str, key: str = "args") -> list[tuple[object, object]]:
    found = facts(f"[handler_a]\n{key} = {expression}\n")
    return [(fact.callee, fact.arguments) for fact in found if isinstance(fact, Call)]


def test_recognises_sections_under_its_suffixes() -> None:
    assert FORMAT.recognise(Head(MemorySource(b"; x\n[a]\nb=c"), ".ini"))
    assert FORMAT.recognise(Head(MemorySource(b"[a]"), ".cfg"))
    for data, suffix in ((b"[a]", ".txt"), (b"server { }", ".conf"), (b"", ".ini"), (b"[a]\n\0", ".cfg")):
        assert not FORMAT.recognise(Head(MemorySource(data), suffix))


@pytest.mark.parametrize(
    "text",
    [
        "[a]\nb = c\n", "[handler_a]\nclass = StreamHandler\nargs = (sys.stderr,)\n", "[handler_a]\nargs = ('%(x)s', 'a')\n",
        "[handler_a]\nargs = (os.path.join('a', 'b'),)\n", "[handler_a]\nargs = (os.getenv('A'), os.environ.get('B'))\n",
        "[handler_a]\nclass = logging.handlers.SysLogHandler\nargs = (handlers.X(),)\n", "[a]\nargs = os.system('x')\n",
        "[formatter_a]\nformat = %(x)s os.system('x')\n", "[handler_a]\nargs = (\n", "[handler_a\nargs = f()\n",
        "[a]\n_target_ = Net\n", "no section = 1\n[handler_a]\n", "[handler_a]\nargs = os.system ( \n",
    ],
)  # fmt: skip
def test_ordinary_files_state_nothing(text: str) -> None:
    assert facts(text) == []


@pytest.mark.parametrize(
    ("expression", "callee", "arguments"),
    [
        ("(os.system('x'),)", SYSTEM, ("x",)),
        ("(__import__('os').system('x'),)", SYSTEM, ("x",)),
        ("__import__('os').path.os.system('x')", Global("os", "path.os.system"), ("x",)),
        ("eval('1')", Global("builtins", "eval"), ("1",)),
        ("f()()", UNKNOWN, ()),
        ("f().g(x)", Result(Global("builtins", "getattr"), (UNKNOWN, "g")), (UNKNOWN,)),
        ("[os.system(command=1) for a in b]", SYSTEM, (1,)),
        ("(lambda: os.system('x'))", SYSTEM, ("x",)),
        ("(a,\n  os.system('x'))", SYSTEM, ("x",)),
    ],
)
def test_what_logging_evaluates_is_stated(expression: str, callee: object, arguments: object) -> None:
    assert (callee, arguments) in called(expression)


@pytest.mark.parametrize("key", ["args", "class", "kwargs", "ARGS"])
def test_every_evaluated_key_counts(key: str) -> None:
    assert called("os.system('x')", key) == [(SYSTEM, ("x",))]


def test_keys_that_name_code_and_models_are_those_of_json() -> None:
    found = facts("[a]\n_target_ = os.system\ncommand = x\n[a]\nname = b\n", names=True)
    assert [(fact.callee, fact.arguments) for fact in found if isinstance(fact, Call)] == [
        (SYSTEM, ("x", "b"))
    ]
    assert [fact.text for fact in found if isinstance(fact, Name)] == ["b"]


def test_a_long_file_is_a_gap_only_with_such_a_key() -> None:
    blank = b"; x\n" * (3 << 19)
    assert facts(blank) == []
    for rest in (b"[a]\n_target_=a.b", b"[handler_a]\nargs=f()"):
        found = facts(blank + rest)
        assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.LIMIT]


@pytest.mark.parametrize(
    "expression", ["(" * 5_000 + ")" * 5_000, "-" * 9_000 + "f()", "f(" * 3_000 + ")" * 3_000]
)
def test_deep_expressions_end(expression: str) -> None:
    called(expression)


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=100)
    | st.lists(
        st.sampled_from(["[handler_a]", "\n", "args", "=", " ", "os.system(", ")", "'x'", "(", ",", "class", ":", "%", "\0",
                         "_target_"])
    ).map(lambda parts: "".join(parts).encode())
)  # fmt: skip
def test_any_bytes_end(data: bytes) -> None:
    FORMAT.recognise(Head(MemorySource(data), ".ini"))
    facts(data, names=True)
    facts(b"[handler_a]\nargs=" + data)
