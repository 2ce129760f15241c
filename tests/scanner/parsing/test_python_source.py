"""Ordinary source reaches what it names; names are followed, nothing is run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.observation import Origin
from modelwarden.parsing.python_source import LARGEST, Unparsable, reached


def paths(source: str) -> set[str]:
    return {str(target) for target in reached(source.encode(), "handler.py").reaches}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os\nos.system('ls')", "os.system"),
        ("import os as o\no.system('ls')", "os.system"),
        ("from os import system\nsystem('ls')", "os.system"),
        ("from os import system as s\ndef f():\n  s('ls')", "os.system"),
        ("import os\nf = os.system\nf('ls')", "os.system"),
        ("import os\nf = os\ng = f.system\nh = g\nh('ls')", "os.system"),
        ("import os\nif (f := os.system): f('ls')", "os.system"),
        ("import os\nclass H:\n  run: object = os.system", "os.system"),
        ("getattr(__import__('os'), 'system')('ls')", "os.system"),
        ("import os\ngetattr(os, 'system')('ls')", "os.system"),
        ("g = getattr\nimport os\ng(os, 'system')('ls')", "os.system"),
        ("import importlib\nimportlib.import_module('os').system('ls')", "os.system"),
        ("from importlib import import_module as i\ni('os').system('ls')", "os.system"),
        ("import sys, os\nsys.modules['os'].system('ls')", "os.system"),
        ("import threading, os\nthreading.Thread(target=os.system, args=('ls',)).start()", "os.system"),
        ("exec('1+1')", "builtins.exec"),
        ("x = eval\nx('1')", "builtins.eval"),
        ("import xml.etree.ElementTree\nxml.etree.ElementTree.parse('x')", "xml.etree.ElementTree.parse"),
        (
            "from concurrent import futures\nfutures.ThreadPoolExecutor()",
            "concurrent.futures.ThreadPoolExecutor",
        ),
    ],
)
def test_names_are_followed_to_what_they_stand_for(source: str, expected: str) -> None:
    assert expected in paths(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import os, subprocess",
        "from os import system",
        "model.eval()",
        "system = 5\nsystem('ls')",
        "'os.system'",
        "# os.system()",
    ],
)
def test_what_is_not_looked_up_is_not_reached(source: str) -> None:
    assert paths(source) == set()


def test_attributes_that_lead_out_of_any_object_are_told() -> None:
    blob = reached(b"x = ().__class__.__base__.__subclasses__()", "a.py")
    assert blob.attributes == ("__subclasses__",)
    assert (blob.origin, blob.decoded, blob.name) == (Origin.SOURCE, True, "a.py")


@pytest.mark.parametrize(
    "source",
    [
        b"print 'python 2'",
        b"def f(:",
        b"\0",
        b"(" * 100_000,
        b"-" * 200_000 + b"1",
        b"x" * (LARGEST + 1),
        b"\xff\xfe\xff",
    ],
)
def test_what_cannot_be_parsed_says_so(source: bytes) -> None:
    with pytest.raises(Unparsable):
        reached(source, "handler.py")


@pytest.mark.parametrize(
    "source",
    [
        "a" + ".b" * 900,
        "import os\n" + "os" + ".path" * 900,
        "f = g\ng = f\n",
        "import os\n" + "\n".join(f"f{n} = os.a{n}" for n in range(3000)),
    ],
)
def test_much_of_it_ends(source: str) -> None:
    assert len(reached(source.encode(), "").reaches) <= 1000


PARTS = (
    "import os",
    "from os import system as f",
    "f = os.system",
    "g = getattr(f, 'x')",
    "exec(f)",
    "f(",
    ")",
    "\n",
    ";",
    "x",
    "(",
    "'",
    "\\",
    "=",
)


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join) | st.text(max_size=40))
def test_any_text_is_source_or_unparsable(source: str) -> None:
    try:
        reached(source.encode("utf-8", "surrogatepass"), "")
    except Unparsable:
        assert source
