"""ModelScan's settings file: its defaults mean nothing, what differs is mapped, and what cannot be is told."""

import json
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwarden.commands.scan import command as scan
from modelwarden.config.configuration import Configuration, Value
from modelwarden.config.modelscan import defaults
from modelwarden.config.modelscan.mapping import Foreign, foreign, joined
from modelwarden.config.modelscan.template import template
from modelwarden.errors import UserError

PICKLES = '[scanners."modelscan.scanners.PickleUnsafeOpScan"]\n'
LAMBDAS = '[scanners."modelscan.scanners.SavedModelLambdaDetectScan".unsafe_keras_operators]\n'
OPERATORS = '[scanners."modelscan.scanners.SavedModelTensorflowOpScan".unsafe_tf_operators]\n'
FORMATS = '[middlewares."modelscan.middlewares.FormatViaExtensionMiddleware".formats]\n'


def read(folder: Path, text: str) -> Foreign:
    file = folder / "s.toml"
    file.write_text(text, encoding="utf-8")
    return foreign(str(file))


def options(folder: Path, text: str) -> dict[str, object]:
    return {name: value.value for name, value in read(folder, text).options}


def remarks(folder: Path, text: str) -> str:
    return "\n".join(read(folder, text).remarks).replace(f"{folder}/", "")


def test_the_defaults_change_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, template())
    assert found.options == ()
    assert found.remarks == ()
    assert found.reporting is not None
    assert (found.reporting.module, found.reporting.settings) == (defaults.CONSOLE, {})


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, "")
    assert (found.options, found.remarks, found.reporting) == ((), (), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[unsafe_globals.CRITICAL]\n"acme.run" = "*"', {"deny": ("acme.run.*",)}),
        ('[unsafe_globals.HIGH]\nacme = ["go", "stop"]', {"deny": ("acme.go", "acme.stop")}),
        ('[unsafe_globals.HIGH]\nacme = "go"', {"deny": ("acme.go",)}),
        ('[unsafe_globals.MEDIUM]\nacme = "*"', {"deny": ("acme.*=warning",)}),
        ('[unsafe_globals.LOW]\nacme = "*"', {"deny": ("acme.*=info",)}),
        ('[unsafe_globals.LOW]\nacme = "*"\n[unsafe_globals.HIGH]\nacme = "*"', {"deny": ("acme.*",)}),
        ('[unsafe_globals.CRITICAL]\nos = ["system"]', {}),
        (f'{LAMBDAS}Lambda = "HIGH"', {"severity": ("MW202=critical",)}),
        (f'{LAMBDAS}Lambda = "LOW"\nDense = "HIGH"', {"severity": ("MW202=info",), "deny": ("*.Dense",)}),
        (f'{OPERATORS}ReadFile = "CRITICAL"', {"severity": ("MW205=critical",)}),
        (f'{OPERATORS}WriteFile = "HIGH"\nMatMul = "MEDIUM"', {"deny": ("tensorflow:MatMul=warning",)}),
        ('supported_zip_extensions = [".zip", ".npz", ".pack"]', {"suffix": (".pack=zip",)}),
        (f'{PICKLES}supported_extensions = [".pkl", ".FOO"]', {"suffix": (".foo=pickle",)}),
        (f'{FORMATS}pickle = [".foo"]', {"suffix": (".foo=pickle",)}),
        (f'{FORMATS}PICKLE = [".foo"]\nnumpy = [".foo"]', {}),
        (f'{FORMATS}pytorch = [".foo"]', {}),
        (f'{PICKLES}supported_extensions = [".model", ".tar.foo"]', {}),
        (
            '[scanners."modelscan.scanners.H5LambdaDetectScan"]\nenabled = false',
            {"without-format": ("hdf5",)},
        ),
    ],
)
def test_what_differs_is_mapped(tmp_path: Path, text: str, expected: dict[str, object]) -> None:
    assert options(tmp_path, text) == expected


def test_pickles_are_read_while_something_is_made_of_them(tmp_path: Path) -> None:
    off = f"{PICKLES}enabled = false\n"
    assert options(tmp_path, off) == {}
    assert "s.toml:2: pickles are still read" in remarks(tmp_path, off)
    others = "".join(
        f'[scanners."modelscan.scanners.{name}UnsafeOpScan"]\nenabled = false\n'
        for name in ("PyTorch", "Numpy")
    )
    assert "pickle" in str(options(tmp_path, off + others))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '\n[scanners."acme.X"]\nwhatever = 1',
            's.toml:2: scanner "acme.X" is not ModelScan\'s own and does nothing here',
        ),
        (
            '[middlewares."acme.M"]',
            's.toml:1: middleware "acme.M" is not ModelScan\'s own and does nothing here',
        ),
        (
            '[scanners."modelscan.scanners.KerasLambdaDetectScan"]\nenabled = false',
            "s.toml:2: KerasLambdaDetectScan is off: no keras or keras-config is read",
        ),
        (f'{PICKLES}supported_extensions = [".pkl"]', "s.toml:2: still read, since files are read by what"),
        (
            '[unsafe_globals.LOW]\nsys = "*"',
            "s.toml:1: not rated lower, since modelwarden's own rules judge them: sys.*",
        ),
        (
            '[unsafe_globals.LOW]\nsys = "*"',
            "still reported, since modelwarden's own rules judge them: __builtin__, _p",
        ),
        (
            f'{OPERATORS}WriteFile = "HIGH"',
            "s.toml:1: still reported, since modelwarden's own rules judge them: ReadFile",
        ),
    ],
)
def test_what_cannot_be_mapped_is_told(tmp_path: Path, text: str, told: str) -> None:
    assert told in remarks(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1\ny = ", "s.toml:2: "),
        (
            "modelscan_versoin = '1'",
            "s.toml:1: unknown key 'modelscan_versoin'; did you mean 'modelscan_version'?",
        ),
        ("modelscan_version = 1", "s.toml:1: modelscan_version: a text is expected"),
        (
            "supported_zip_extensions = '.zip'",
            "s.toml:1: supported_zip_extensions: a list of suffixes is expected",
        ),
        ("supported_zip_extensions = ['zip']", "s.toml:1: supported_zip_extensions: 'zip' is no suffix"),
        ("scanners = 1", "s.toml:1: scanners: a table is expected"),
        (f"{PICKLES}enabeld = true", "s.toml:2: unknown key 'enabeld'; did you mean 'enabled'?"),
        (f"{PICKLES}enabled = 1", "s.toml:2: enabled: true or false is expected"),
        (f"{PICKLES}unsafe_tf_operators = {{}}", "s.toml:2: unknown key 'unsafe_tf_operators'"),
        (f"{LAMBDAS}Lambda = 'BAD'", "s.toml:2: Lambda: one of CRITICAL, HIGH, MEDIUM, LOW is expected"),
        (f"{FORMATS}pickel = ['.x']", "s.toml:2: unknown key 'pickel'; did you mean 'pickle'?"),
        ("[unsafe_globals.SEVERE]\nx = '*'", "s.toml:1: unknown key 'SEVERE'"),
        ("[unsafe_globals.HIGH]\nrequests.api = '*'", 'requests: a list of names or "*" is expected'),
        ("[unsafe_globals]\nHIGH = 1", "s.toml:2: HIGH: a table is expected"),
        ("[reporting]\nmodule = 1", "s.toml:2: module: a text is expected"),
        ("[reporting]\nsetting = 1", "s.toml:2: unknown key 'setting'; did you mean 'settings'?"),
    ],
)
def test_what_no_modelscan_knows_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UserError) as error:
        read(tmp_path, text)
    assert reason in str(error.value)
    assert error.value.exit_code == 4


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match=r"cannot read nowhere\.toml"):
        foreign("nowhere.toml")


def test_a_file_among_the_models_may_only_add(tmp_path: Path) -> None:
    text = f"""{LAMBDAS}Lambda = "LOW"
[scanners."modelscan.scanners.SavedModelTensorflowOpScan".unsafe_tf_operators]
ReadFile = "CRITICAL"
WriteFile = "HIGH"
[scanners."modelscan.scanners.H5LambdaDetectScan"]
enabled = false
[unsafe_globals.HIGH]
acme = "*"
"""
    file = tmp_path / "s.toml"
    file.write_text(text)
    for place in (tmp_path, file):
        found = foreign(str(file), [str(place)])
        assert not found.trusted
        assert {name: value.value for name, value in found.options} == {
            "severity": ("MW205=critical",),
            "deny": ("acme.*",),
        }
        told = [remark.removeprefix(f"{tmp_path}/") for remark in found.remarks if "not obeyed" in remark]
        assert [(one.split(": ")[0], one.split(": ")[-1]) for one in told] == [
            ("s.toml:7", "H5LambdaDetectScan off"),
            ("s.toml:2", "Lambda LOW"),
        ]
    assert foreign(str(file), [str(tmp_path / "models")]).trusted
    assert dict(foreign(str(file)).options)["without-format"].value == ("hdf5",)


def test_lists_of_both_files_are_put_together(tmp_path: Path) -> None:
    theirs = read(tmp_path, '[unsafe_globals.HIGH]\nacme = "*"\n')
    ours = Configuration(options=(("deny", Value(("mine",), "m:1")), ("fail-on", Value("info", "m:2"))))
    both = joined(ours, theirs)
    assert dict(both.options)["deny"].value == ("mine", "acme.*")
    assert dict(both.options)["fail-on"] == Value("info", "m:2")
    assert both.foreign is theirs
    assert [name for name, _ in joined(Configuration(), theirs).options] == ["deny"]


NAMES = st.sampled_from(
    [
        "enabled", "supported_extensions", "unsafe_keras_operators", "unsafe_tf_operators", "formats", "module", "settings",
        "CRITICAL", "LOW", "os", "Lambda", "MatMul", "pickle", "tensorflow", "scanners", "middlewares", "unsafe_globals",
        "reporting", "supported_zip_extensions", defaults.MIDDLEWARE,
        *(f"{defaults.PACKAGE}{name}" for name in defaults.SCANNERS),
    ]
)  # fmt: skip
LEAVES = st.one_of(
    st.booleans(),
    st.integers(0, 9),
    st.sampled_from(["*", ".x", "LOW", "HIGH", "acme.Report", "", ".", "[", "a=b"]),
)
VALUES = st.recursive(
    LEAVES | st.lists(LEAVES, max_size=3),
    lambda inner: st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


def written(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {written(one)}' for key, one in value.items()) + "}"
    return json.dumps(value)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_it_holds_it_is_mapped_or_refused(tmp_path: Path, table: dict[str, object]) -> None:
    text = "\n".join(f'"{key}" = {written(value)}' for key, value in table.items())
    try:
        found = read(tmp_path, text)
    except UserError:
        return
    context = click.Context(scan)
    for name, value in found.options:
        scan.settable()[name].process_value(
            context, list(value.value) if isinstance(value.value, tuple) else value.value
        )
