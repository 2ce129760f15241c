"""MW101: innocents first, then calls that run something."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation
from modelwarden.domain.value import UNKNOWN, Blob, Global, Value
from modelwarden.policies.dangerous_call import POLICY

SPAN = Span(0, 1)


def call(module: str, name: str, *arguments: Value, how: How = How.REDUCE) -> Call:
    return Call(Global(module, name), arguments, how, SPAN)


INNOCENT: list[Observation] = [
    call("collections", "OrderedDict"),
    call("numpy.core.multiarray", "_reconstruct", Global("numpy", "ndarray"), (0,), Blob(0, 1, b"b")),
    call("torch._utils", "_rebuild_tensor_v2", UNKNOWN, 0, (2,), (1,), 0, UNKNOWN),
    call("sklearn.tree._tree", "Tree", 3, UNKNOWN, 1),
    call("logging", "getLogger", "model"),
    call("builtins", "getattr", Global("os", ""), "system"),
    call("pickle", "loads", Blob(9, 4, b"N.")),
    call("acme.nets", "restore", "os.system"),
    call("subprocess", "Popen", how=How.NEWOBJ),
    Import(Global("os", "system"), SPAN),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_says_nothing_of_innocent_calls(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("module", "name", "subject", "family"),
    [
        ("os", "system", "os.system", "process"),
        ("posix", "system", "os.system", "process"),
        ("nt", "system", "os.system", "process"),
        ("subprocess", "check_output", "subprocess.check_output", "process"),
        ("commands", "getoutput", "subprocess.getoutput", "process"),
        ("pty", "spawn", "pty.spawn", "process"),
        ("_posixsubprocess", "fork_exec", "_posixsubprocess.fork_exec", "process"),
        ("os", "system.__call__", "os.system", "process"),
        ("builtins", "eval", "builtins.eval", "code"),
        ("__builtin__", "exec", "builtins.exec", "code"),
        ("builtins", "exec.__call__", "builtins.exec", "code"),
        ("runpy", "run_path", "runpy.run_path", "code"),
        ("torch.fx.graph_module", "reduce_graph_module", "torch.fx.graph_module.reduce_graph_module", "code"),
        (
            "idlelib.pyshell",
            "ModifiedInterpreter.runcode",
            "idlelib.pyshell.ModifiedInterpreter.runcode",
            "code",
        ),
        ("ctypes", "CDLL", "ctypes.CDLL", "native"),
        ("pip._internal.cli.main", "main", "pip._internal.cli.main.main", "install"),
        ("pip", "main", "pip.main", "install"),
        ("setuptools._distutils.core", "run_setup", "distutils.core.run_setup", "install"),
        ("builtins", "open", "builtins.open", "file-write"),
        ("_io", "open", "io.open", "file-write"),
        ("pathlib", "Path.write_text", "pathlib.Path.write_text", "file-write"),
        ("shutil", "rmtree", "shutil.rmtree", "file-write"),
        ("logging", "FileHandler", "logging.FileHandler", "file-write"),
        ("_socket", "socket", "socket.socket", "network"),
        ("urllib2", "urlopen", "urllib.request.urlopen", "network"),
        ("acme._vendor.requests", "get", "requests.get", "network"),
        ("sys", "settrace", "sys.settrace", "interpreter"),
        ("builtins", "globals", "builtins.globals", "interpreter"),
    ],
)
def test_names_what_runs_under_its_usual_name(module: str, name: str, subject: str, family: str) -> None:
    judgement = POLICY.judge(call(module, name))
    assert judgement is not None
    assert (judgement.subject, judgement.family) == (subject, family)


def test_shows_the_literal_argument_and_what_the_call_does() -> None:
    judgement = POLICY.judge(call("os", "system", "echo hi"))
    assert judgement is not None
    assert judgement.message == "Loading this file runs os.system(…), which runs a shell command."
    assert judgement.argument == '"echo hi"'


def test_says_how_the_file_writes_an_alias() -> None:
    judgement = POLICY.judge(call("posix", "system", "id"))
    assert judgement is not None
    assert "(written posix.system)" in judgement.message


def test_keeps_an_attackers_text_short() -> None:
    judgement = POLICY.judge(call("subprocess", "run" + "x" * 10_000, "y" * 10_000, ("z" * 10_000,) * 50))
    assert judgement is not None
    assert len(judgement.subject) <= 200
    assert len(judgement.argument) <= 200
    assert len(judgement.message) < 800


@pytest.mark.parametrize("how", [How.REDUCE, How.OBJ, How.INST])
def test_every_way_of_calling_counts(how: How) -> None:
    assert POLICY.judge(call("os", "system", "id", how=how)) is not None


def test_the_message_travels_without_the_payload() -> None:
    judgement = POLICY.judge(call("os", "system", "curl -H 'Authorization: Bearer secret' example.com"))
    assert judgement is not None
    assert "secret" not in judgement.message
    assert "secret" not in judgement.subject
    assert "secret" in judgement.argument
