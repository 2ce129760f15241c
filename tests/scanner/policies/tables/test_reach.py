"""What code may reach and what not: first the standard library's harmless modules, then everything else."""

import marshal
import os
from pathlib import Path

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import CodeBlob
from modelwarden.domain.value import Global
from modelwarden.parsing.marshal.decode import decode_bytes
from modelwarden.policies.tables.reach import dangers

SPAN = Span(0)


def blob(*reaches: str, attributes: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> CodeBlob:
    """`"os:system"` is `os.system`, `"os:"` the module."""
    targets = tuple(Global(*target.split(":")) for target in reaches)
    return CodeBlob("f", targets, attributes, names, decoded=True, span=SPAN)


def subjects(fact: CodeBlob) -> list[str]:
    return [known.subject for known in dangers(fact)]


def module(name: str) -> CodeBlob:
    """The code of a module of the standard library, compiled here."""
    folder = Path(os.__file__).parent
    path = next(one for one in (folder / f"{name}.py", folder / name / "__init__.py") if one.is_file())
    source = path.read_text(encoding="utf-8")
    return decode_bytes(marshal.dumps(compile(source, name, "exec")), SPAN)


@pytest.mark.parametrize(
    "fact",
    [
        blob(),
        blob("os:path", "os:path.join", "os:getcwd", "os:environ", "os:name"),
        blob("builtins:len", "builtins:print", "builtins:getattr", "builtins:isinstance", "builtins:vars"),
        blob("sys:version_info", "sys:stdout.write", "sys:modules", "sys:"),
        blob("numpy:mean", "numpy:", "math:tanh", "json:loads", "re:compile"),
        blob("tensorflow:reduce_mean", "keras:backend.mean", "torch:nn.functional.relu"),
        blob("types:FunctionType", "functools:partial", "operator:attrgetter"),
        blob("urllib:parse.quote", "importlib:metadata.version"),
        blob("self:model", "x:replace"),
        blob("code:", "site:", "requests:", "x:", "parser:"),
        blob(attributes=("system", "__class__.__name__", "__dict__", "os.path.join", "save", "replace")),
        blob(names=("x", "self", "join", "path", "system", "environment")),
    ],
    ids=str,
)
def test_what_any_function_may_reach(fact: CodeBlob) -> None:
    assert subjects(fact) == []


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (blob("os:system"), "os.system"),
        (blob("posix:system"), "os.system"),
        (blob("os:system.__call__"), "os.system"),
        (blob("os:"), "os"),
        (blob("subprocess:"), "subprocess"),
        (blob("importlib:"), "importlib"),
        (blob("subprocess:Popen"), "subprocess.Popen"),
        (blob("os.path:os.system"), "os.system"),
        (blob("builtins:eval"), "builtins.eval"),
        (blob("builtins:"), "builtins"),
        (blob("builtins:open"), "builtins.open"),
        (blob("builtins:__import__"), "builtins.__import__"),
        (blob("builtins:globals"), "builtins.globals"),
        (blob("importlib:import_module"), "importlib.import_module"),
        (blob("pickle:loads"), "pickle.loads"),
        (blob("marshal:loads"), "marshal.loads"),
        (blob("torch:load"), "torch.load"),
        (blob("numpy:load"), "numpy.load"),
        (blob("socket:socket"), "socket.socket"),
        (blob("urllib:request.urlopen"), "urllib.request.urlopen"),
        (blob("requests:get"), "requests.get"),
        (blob("ctypes:CDLL"), "ctypes.CDLL"),
        (blob("shutil:rmtree"), "shutil.rmtree"),
        (blob("types:CodeType"), "types.CodeType"),
        (blob("pathlib:Path.write_text"), "pathlib.Path.write_text"),
        (blob("tensorflow:io.write_file"), "tensorflow.io.write_file"),
        (blob("sys:_getframe"), "sys._getframe"),
        (blob("picklescan:scanner"), "picklescan.scanner"),
        (
            blob(attributes=("__class__.__base__.__subclasses__",)),
            "__class__.__base__.__subclasses__",
        ),
        (blob(attributes=("x.__globals__",)), "x.__globals__"),
        (blob(attributes=("tools.os.system",)), "os.system"),
        (blob("acme:tools.os.system"), "os.system"),
        (blob(names=("os", "path", "system")), "os.system"),
        (blob(names=("os.path", "popen")), "os.popen"),
        (blob(names=("eval",)), "builtins.eval"),
        (blob(names=("posix", "system")), "os.system"),
        (blob(names=("__subclasses__",)), "__subclasses__"),
        (blob(names=("pickle", "loads")), "pickle.loads"),
        (blob(names=("socket",)), "socket"),
    ],
    ids=str,
)
def test_what_none_may(fact: CodeBlob, subject: str) -> None:
    assert subject in subjects(fact)


def test_the_worst_comes_first_and_each_once() -> None:
    fact = blob("builtins:open", "os:system", "posix:system", "socket:socket")
    assert subjects(fact) == ["os.system", "socket.socket", "builtins.open"]


def test_there_are_not_more_than_anybody_reads() -> None:
    fact = blob(*(f"subprocess:f{i}" for i in range(1000)))
    assert len(subjects(fact)) == 64


@pytest.mark.parametrize(
    "name",
    [
        "_pydecimal", "abc", "bisect", "calendar", "colorsys", "contextlib", "csv", "datetime", "fnmatch",
        "fractions", "getopt", "graphlib", "ipaddress", "keyword", "numbers", "operator", "pprint", "random", "sched", "secrets",
        "selectors", "stat", "statistics", "string", "struct", "textwrap",
    ],
)  # fmt: skip
def test_harmless_modules_of_the_standard_library_are_harmless(name: str) -> None:
    fact = module(name)
    assert fact.decoded
    assert fact.names == ()
    assert subjects(fact) == []


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("uuid", "subprocess.Popen"),
        ("smtplib", "socket.create_connection"),
        ("timeit", "builtins.exec"),
        ("shelve", "pickle.Unpickler"),
        ("webbrowser", "subprocess.Popen"),
        ("zipapp", "zipfile.ZipFile"),
        ("wave", "builtins.open"),
        ("pty", "os.fork"),
        ("optparse", "builtins.open"),
        ("runpy", "builtins.exec"),
        ("rlcompleter", "builtins.eval"),
    ],
)
def test_others_reach_what_they_are_made_for(name: str, subject: str) -> None:
    assert subject in subjects(module(name))
