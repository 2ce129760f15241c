"""What code reaches, on the marshal data that every CPython from 3.6 to 3.14 wrote for the same sources."""

import base64
import json
import marshal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.code.code import Code, Version
from modelwarden.parsing.code.follow import Reach, follow
from modelwarden.parsing.code.opcodes import VERSIONS
from modelwarden.parsing.marshal.reader import read

SAMPLES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in (Path(__file__).parents[1] / "marshal" / "samples").glob("*.json")
}
FOLLOWED = [f"{major}.{minor}" for major, minor in VERSIONS]
each_version = pytest.mark.parametrize("version", FOLLOWED)


def sample(version: str, case: str) -> Reach:
    return follow(read(base64.b64decode(SAMPLES[version][case]["data"][-1])))


def reached(source: str) -> set[str]:
    """What source reaches, as compiled by the interpreter that runs this test."""
    reach = follow(read(marshal.dumps(compile(source, "source.py", "exec"))))
    assert reach.followed
    return {str(target) for target in reach.globals}


@each_version
@pytest.mark.parametrize(
    ("case", "target"),
    [
        ("call", "os.system"),
        ("from", "os.system"),
        ("inside-a-function", "os.system"),
        ("import-function", "os.system"),
        ("import-module", "subprocess.Popen"),
        ("builtin", "builtins.eval"),
        ("getattr", "os.system"),
        ("getattr-of-a-variable", "os.system"),
        ("getattr-computed", "os"),
        ("handed-on", "os.system"),
        ("modules", "os.popen"),
        ("dictionary", "os.system"),
        ("builtins", "builtins.eval"),
        ("star", "os.system"),
        ("class", "os.system"),
        ("closure", "os.system"),
        ("conditional", "os.system"),
        ("instance", "pathlib.Path.write_text"),
        ("try", "os.system"),
        ("keywords", "subprocess.run"),
        ("generator", "os.popen"),
        ("many-names", "os.system"),
    ],
)
def test_every_way_to_something_is_followed_in_every_version(version: str, case: str, target: str) -> None:
    reach = sample(version, case)
    assert target in {str(found) for found in reach.globals}
    assert reach.followed


@each_version
def test_what_is_looked_up_on_unknown_objects_is_stated(version: str) -> None:
    assert "__class__.__base__.__subclasses__" in sample(version, "subclasses").attributes


@each_version
@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("harmless-path", {"os.path", "os.path.join"}),
        ("harmless-lambda", {"math.tanh"}),
        ("harmless-class", {"builtins.__name__", "builtins.dict"}),
    ],
)
def test_harmless_code_reaches_no_more_than_it_names(version: str, case: str, expected: set[str]) -> None:
    reach = sample(version, case)
    assert {str(found) for found in reach.globals} <= expected
    assert reach.followed


def test_bytecode_of_python_2_is_not_followed() -> None:
    assert not sample("2.7", "call").followed


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("import os\ndef f(run=os.system): run('x')", "os.system"),
        ("import os\nx = [os]\nx[0].system('x')", "os.system"),
        ("import os\nclass A: pass\nA.o = os\nA.o.system('x')", "os.system"),
        ("def f():\n    import os\n    return os\nf().system('x')", "os.system"),
        ("import os\nx = {'o': os}\nx['o'].popen('x')", "os.popen"),
        ("from os import path as p\np.os.system('x')", "os.path.os.system"),
        ("import os as a\nb = a\nc = b\ndef f():\n    return c.system('x')", "os.system"),
        ("import os\nfor m in (os,):\n    m.system('x')", "os.system"),
        ("import os\nm = os or None\nm.system('x')", "os.system"),
        ("import importlib\nimportlib.__import__('os').system('x')", "os.system"),
        ("m = 'os'\n__import__(m).system('x')", "os.system"),
        ("import sys\nsys.modules[name].system('x')", "importlib.import_module"),
        ("__import__(name).x", "builtins.__import__"),
        ("from operator import attrgetter\nimport os\nattrgetter('system')(os)('x')", "os"),
        ("import functools, os\nfunctools.partial(os.system, 'x')()", "os.system"),
        ("np.load('x')", "numpy.load"),
        ("match x:\n    case [a, *b]:\n        import os; os.system(a)", "os.system"),
        ("with open('x') as f: pass", "builtins.open"),
        ("try:\n    1/0\nexcept* ValueError:\n    import os; os.system('x')", "os.system"),
        ("import a.b.c\na.b.c.d()", "a.b.c.d"),
        ("x = [__import__('os').system(c) for c in 'ab' if c]", "os.system"),
        ("f'{__import__(chr(111)).system}'", "builtins.__import__"),
        ("import os\ndef f():\n    global o\n    o = os\ndef g():\n    o.system('x')", "os.system"),
        ("exec = len\nexec('x')", "builtins.exec"),
    ],
)
def test_ways_of_hiding_do_not_help(source: str, target: str) -> None:
    assert target in reached(source)


@pytest.mark.parametrize(
    ("source", "not_reached"),
    [
        ("import os\ndef f(x): return os.path.join(x.replace('a', 'b'))", "os.replace"),
        ("import numpy as np\ndef f(x):\n    x.save()\n    return np.mean(x)", "numpy.save"),
        ("import os\nif os is None or isinstance(os, str): x.system()", "os.system"),
        ("import os\nx = hasattr(os, 'fork')", "os.fork"),
        ("def f(os): return os.system", "os.system"),
        ("import xml.dom\nxml.sax.x", "xml.dom.sax.x"),
    ],
)
def test_names_that_merely_occur_are_not_reached(source: str, not_reached: str) -> None:
    assert not_reached not in reached(source)


def made(bytecode: bytes, names: tuple[str, ...], *versions: Version) -> Code:
    return Code(
        name="f", filename="", bytecode=bytecode, constants=(None,), names=names, variables=(), cells=(), parameters=0,
        exceptions=b"", versions=versions,
    )  # fmt: skip


def test_bytecode_of_no_version_is_not_followed() -> None:
    assert not follow([made(b"\xff\xff", ("os",), (3, 8), (3, 9))]).followed
    assert not follow([made(b"\x74\x09\x53\x00", ("os",), (3, 8))]).followed
    assert not follow([made(b"\x53\x00", (), *())]).followed
    assert not follow([]).followed


def test_what_can_be_followed_beside_it_is_stated_all_the_same() -> None:
    broken = made(b"\xff\xff", (), (3, 8))
    fine = made(b"\x74\x00\x6a\x01\x53\x00", ("os", "system"), (3, 8))
    reach = follow([broken, fine])
    assert [str(target) for target in reach.globals] == ["os.system"]
    assert not reach.followed


def test_instructions_that_only_a_running_interpreter_writes_hide_nothing() -> None:
    # LOAD_GLOBAL_BUILTIN (3.12: number 111) instead of LOAD_GLOBAL
    reach = follow([made(b"\x97\x00\x6f\x00" + bytes(8) + b"\x53\x00", ("eval",), (3, 12))])
    assert [str(target) for target in reach.globals] == ["builtins.eval"]


def test_a_name_without_end_is_cut_and_lets_its_owner_go() -> None:
    source = "import os\nos" + ".a" * 40 + ".system('x')"
    found = reached(source)
    assert max(map(len, found)) < 100


def test_modules_without_end_are_given_up_not_worked_through() -> None:
    source = "\n".join(f"import m{i}\nf(m{i}, g().a{i})" for i in range(400))
    reach = follow(read(marshal.dumps(compile(source, "source.py", "exec"))))
    assert not reach.followed


@given(st.binary(max_size=120), st.lists(st.text(max_size=5), max_size=6), st.sampled_from(VERSIONS))
def test_any_bytecode_ends(bytecode: bytes, names: list[str], version: Version) -> None:
    variables = tuple(names)
    code = Code(
        name="f", filename="", bytecode=bytecode, constants=(None, "os", "system", 1), names=variables,
        variables=variables, cells=variables, parameters=1, exceptions=b"", versions=(version,),
    )  # fmt: skip
    reach = follow([code])
    assert all(target.module for target in reach.globals)
