"""The command line as users meet it: a process, its exit code, its stdout and its stderr."""

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

import modelwarden as product
import modelwarden_sarif
from modelwarden.cli import COMMANDS, ISSUES, cli, run
from modelwarden.formats import FORMATS
from modelwarden.policies import CATALOGUE

EVIL = b"cposix\nsystem\n(S'echo pwned'\ntR."
SAME = {
    "PYTHONPATH": os.pathsep.join(
        os.path.dirname(package.__path__[0]) for package in (product, modelwarden_sarif)
    )
}
"""The processes run what the tests import, installed or not."""
PYTHON = [sys.executable, "-X", "utf8=0", "-W", "error"]


def modelwarden(
    *arguments: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [*PYTHON, "-m", "modelwarden", *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | SAME | (env or {}),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def python(code: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [*PYTHON, "-c", code, *map(str, arguments)]
    return subprocess.run(command, env=os.environ | SAME, capture_output=True, encoding="utf-8", timeout=60)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.pkl"
    path.write_bytes(pickle.dumps({"weights": [1.0, 2.0]}))
    return path


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    path = tmp_path / "evil.pkl"
    path.write_bytes(EVIL)
    return path


@pytest.fixture
def cut(tmp_path: Path, good: Path) -> Path:
    path = tmp_path / "cut.pkl"
    path.write_bytes(good.read_bytes()[:-5])
    return path


def assert_user_error(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """One line on stderr, nothing on stdout, exit code 4."""
    assert result.returncode == 4
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("modelwarden: ")
    for word in words:
        assert word in result.stderr


# Exit codes, and who may write where


def test_a_clean_file_is_exit_0(good: Path) -> None:
    result = modelwarden("scan", good)
    assert (result.returncode, result.stderr) == (0, "")
    assert "Clean: nothing found. Exit code 0" in result.stdout
    assert result.stdout.endswith("1 file scanned whole.\n")


def test_a_finding_is_exit_1(evil: Path) -> None:
    result = modelwarden(evil)
    assert (result.returncode, result.stderr) == (1, "")
    assert "CRITICAL  MW101 dangerous-call" in result.stdout
    assert "posix.system" in result.stdout


def test_an_incomplete_file_is_exit_2_and_named_in_the_last_line(good: Path, cut: Path) -> None:
    result = modelwarden(good, cut)
    assert result.returncode == 2
    assert "clean" not in result.stdout.lower()
    assert f"1 file not fully read: {cut}" in result.stdout.replace("\n", " ")


def test_a_finding_wins_over_incompleteness(evil: Path, cut: Path) -> None:
    result = modelwarden(evil, cut)
    assert result.returncode == 1
    assert "not fully read" in result.stdout


def test_a_directory_without_models_is_exit_3(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# no model\n")
    result = modelwarden(tmp_path)
    assert result.returncode == 3
    assert "Nothing was scanned. Exit code 3" in result.stdout
    assert "1 file skipped" in result.stdout
    assert "README.md" not in result.stdout
    assert "README.md" in modelwarden(tmp_path, "--show-skipped").stdout


@pytest.mark.parametrize("report", ["text", "json", "sarif", "markdown"])
@pytest.mark.parametrize("floor", ["debug", "critical"])
def test_the_exit_code_depends_on_neither_report_nor_floor(
    good: Path, evil: Path, cut: Path, report: str, floor: str
) -> None:
    options = ("-f", report, "--min-severity", floor)
    assert modelwarden(good, *options).returncode == 0
    assert modelwarden(good, evil, *options).returncode == 1
    assert modelwarden(good, cut, *options).returncode == 2


def test_fail_on_moves_the_threshold(evil: Path) -> None:
    assert modelwarden(evil, "--fail-on", "critical").returncode == 1
    result = modelwarden(evil, "--fail-on", "never")
    assert result.returncode == 0
    assert "1 critical in 1 file. Exit code 0: findings never fail." in result.stdout


# Ways to say what to scan


def test_the_short_form_says_the_same_as_scan(evil: Path, good: Path) -> None:
    long = modelwarden("scan", "-f", "json", "--deterministic", good, evil)
    assert modelwarden("-f", "json", "--deterministic", good, evil).stdout == long.stdout
    assert modelwarden("-f", "json", "--deterministic", "-p", good, "--path", evil).stdout == long.stdout
    assert len(json.loads(long.stdout)["findings"]) == 1


def test_click_expands_no_argument_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.pkl").write_bytes(pickle.dumps({}))
    (tmp_path / "[ab].pkl").write_bytes(EVIL)
    monkeypatch.setattr(click.core, "os", SimpleNamespace(**vars(os) | {"name": "nt"}))
    monkeypatch.setattr(sys, "argv", ["modelwarden", "--", str(tmp_path / "[ab].pkl")])
    assert run() == 1
    assert "[ab].pkl" in capfd.readouterr().out


def test_a_path_named_like_a_command_needs_the_long_form(tmp_path: Path) -> None:
    (tmp_path / "rules").write_bytes(EVIL)
    assert modelwarden("scan", "rules", cwd=tmp_path).returncode == 1
    assert modelwarden("rules", cwd=tmp_path).stdout.startswith("MW101  ")


def test_a_path_that_starts_with_a_hyphen_stands_after_two(tmp_path: Path) -> None:
    (tmp_path / "-f").write_bytes(EVIL)
    assert modelwarden("--", "-f", cwd=tmp_path).returncode == 1


def test_exclude_leaves_files_out(evil: Path, good: Path) -> None:
    assert modelwarden(evil.parent, "--exclude", "evil.*").returncode == 0


@pytest.mark.parametrize(
    "options", [("-b", "tiny"), ("--blacklist", "other, TINY"), ("-b", "other", "-b", "tiny")]
)
def test_a_blocked_name_is_exit_1(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "config.json").write_text('{"_name_or_path": "acme/Tiny-1B"}')
    assert modelwarden(tmp_path).returncode == 0
    assert modelwarden(tmp_path, "-b", "other", "-b", ",").returncode == 0
    result = modelwarden(tmp_path, *options)
    assert result.returncode == 1
    assert "CRITICAL  MW501 blocked-name" in result.stdout
    assert "acme/Tiny-1B" in result.stdout


# Reports


def test_stdout_holds_only_the_report(evil: Path, cut: Path) -> None:
    result = modelwarden("-f", "json", evil, cut)
    report = json.loads(result.stdout)
    assert report["summary"]["exit_code"] == result.returncode == 1
    assert report["files"][0]["sha256"]
    assert "1 critical in 1 file. Exit code 1" in result.stderr
    assert modelwarden("-q", "-f", "json", evil, cut).stderr == ""


def test_one_scan_writes_several_reports(evil: Path, tmp_path: Path) -> None:
    out = tmp_path / "reports"
    out.mkdir()
    result = modelwarden(
        evil,
        "-f",
        f"sarif:{out / 'r.sarif'}",
        "-f",
        f"json:{out / 'r.json'}",
        "-f",
        "markdown",
        "-o",
        out / "r.md",
        cwd=tmp_path,
    )
    assert result.returncode == 1
    assert "MW101 dangerous-call" in result.stdout
    assert json.loads((out / "r.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "MW101"
    assert json.loads((out / "r.json").read_text())["findings"][0]["rule"] == "MW101"
    assert "| 🔴 critical | MW101 dangerous-call |" in (out / "r.md").read_text(encoding="utf-8")
    assert sorted(os.listdir(out)) == ["r.json", "r.md", "r.sarif"]


def test_quiet_prints_nothing_but_a_report_that_was_asked_for(evil: Path) -> None:
    result = modelwarden("-q", evil)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", "")
    assert modelwarden("-q", "-f", "text", evil).stdout == modelwarden(evil).stdout


def test_deterministic_sarif_is_the_same_every_time(evil: Path) -> None:
    runs = [modelwarden("-f", "sarif", "--deterministic", "--category", "models", evil) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout
    run = json.loads(runs[0].stdout)["runs"][0]
    assert run["automationDetails"]["id"] == "modelwarden/models/"
    assert "startTimeUtc" not in run["invocations"][0]
    assert "startTimeUtc" in json.loads(modelwarden("-f", "sarif", evil).stdout)["runs"][0]["invocations"][0]


def test_sarif_paths_start_at_the_repository(tmp_path: Path) -> None:
    models = tmp_path / "repo" / "models"
    models.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    (models / "evil.pkl").write_bytes(EVIL)
    result = json.loads(modelwarden("-f", "sarif", "evil.pkl", cwd=models).stdout)["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "models/evil.pkl"


def test_sarif_names_a_file_that_lies_elsewhere(evil: Path) -> None:
    elsewhere = evil.parent / "elsewhere"
    elsewhere.mkdir()
    result = json.loads(modelwarden("-f", "sarif", evil, cwd=elsewhere).stdout)["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "evil.pkl"


def test_verbose_shows_files_and_debug_findings(good: Path) -> None:
    assert "Files read\n" in modelwarden("-v", good).stdout
    assert "Files read\n" not in modelwarden(good).stdout


def test_github_gets_outputs_summary_and_annotations(evil: Path, cut: Path, tmp_path: Path) -> None:
    outputs, summary, sarif = tmp_path / "out", tmp_path / "summary", tmp_path / "r.sarif"
    outputs.write_text("earlier=1\n")
    result = modelwarden(
        evil, cut, "--outputs", outputs, "--summary", summary, "--annotations", "-f", f"sarif:{sarif}"
    )  # fmt: skip
    assert result.returncode == 1
    assert outputs.read_text() == (
        "earlier=1\nexit-code=1\nfindings=1\ncritical=1\nwarning=0\ninfo=0\nfiles-scanned=2\nfiles-failed=1\n"
        f"sarif-file={sarif}\njson-file=\n"
    )
    assert summary.read_text(encoding="utf-8").startswith("## modelwarden\n")
    levels = [line.partition(" ")[0] for line in result.stderr.splitlines()]
    assert levels == ["::error", "::warning"]
    assert "::" not in result.stdout


def test_a_report_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "modèle.pkl").write_bytes(EVIL)
    for locale in ("C", "POSIX", "en_US.ISO-8859-1"):
        env = {"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
        result = modelwarden(tmp_path, "-f", "markdown", env=env)
        assert result.returncode == 1
        assert "🔴 critical" in result.stdout


def test_no_colour_and_no_rich_without_a_terminal(evil: Path) -> None:
    assert "\x1b" not in modelwarden(evil, env={"TERM": "xterm-256color"}).stdout


# Bad input


def test_a_missing_path_is_told_in_one_line(tmp_path: Path, good: Path) -> None:
    assert_user_error(modelwarden(good, tmp_path / "nothing.pkl"), "nothing.pkl")
    assert_user_error(modelwarden("nothing\x1b[31m\n::error::.pkl"), r"nothing\x1b[31m\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ("no PATH given", "See 'modelwarden --help'")),
        (("scan",), ("no PATH given", "See 'modelwarden scan --help'")),
        (("scan", "--fromat", "json", "."), ("--fromat", "--format", "See 'modelwarden scan --help'")),
        (("--unknown",), ("--unknown",)),
        (("-f", "yaml", "."), ("yaml", "text, json, sarif, markdown")),
        (("-f",), ("-f",)),
        (("--fail-on", "high", "."), ("--fail-on", "high", "critical")),
        (("-f", "json", "-f", "sarif", "."), ("two reports would go to stdout",)),
        (("-o", "missing/r.txt", "."), ("cannot write missing/r.txt: there is no such directory",)),
        (("-f", "json:.", "."), ("cannot write .: it is a directory",)),
        (("--outputs", "missing/r.txt", "."), ("cannot write", "there is no such directory")),
        (("rules", "MW999"), ("no rule MW999. Did you mean MW9",)),
        (("rules", "dangerous-cal"), ("Did you mean MW101?",)),
        (("rules", "MW101", "MW102"), ("MW102",)),
        (("formats", "x"), ("x",)),
    ],
)
def test_wrong_usage_is_exit_4_in_one_line(
    arguments: tuple[str, ...], words: tuple[str, ...], tmp_path: Path
) -> None:
    assert_user_error(modelwarden(*arguments, cwd=tmp_path), *words)
    assert os.listdir(tmp_path) == []


def test_the_scanned_file_is_never_the_report(evil: Path) -> None:
    assert_user_error(modelwarden(evil, "-o", evil), "it is to be scanned")
    assert evil.read_bytes() == EVIL


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Nobody else can read the file: by its mode, or by a lock on Windows, which has none."""
    if sys.platform == "win32":
        import msvcrt

        with open(path, "r+b") as stream:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, path.stat().st_size)
            yield
    else:
        path.chmod(0)
        yield


AS_SOMEBODY = """
import os, sys, tomllib, traceback
import modelwarden.config, modelwarden.job, modelwarden.policies
from modelwarden.cli import run
if hasattr(os, "getuid") and os.getuid() == 0:
    os.setuid(65534)  # root can read everything
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A directory that other users can enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


def test_an_unreadable_file_is_exit_2(shared: Path) -> None:
    evil = shared / "evil.pkl"
    evil.write_bytes(EVIL)
    with unreadable(evil):
        result = python(AS_SOMEBODY, evil)
    assert result.returncode == 2
    assert result.stderr == ""
    assert "1 file not fully read" in result.stdout
    assert "clean" not in result.stdout.lower()


def test_what_cannot_be_written_is_told_before_the_scan(shared: Path) -> None:
    (shared / "evil.pkl").write_bytes(EVIL)
    (shared / "r.txt").touch(0o444)
    refused = [shared / "r.txt"]
    if sys.platform != "win32":  # where a directory's mode says nothing
        (shared / "out").mkdir(0o555)
        refused.append(shared / "out" / "r.txt")
    for target in refused:
        assert_user_error(
            python(AS_SOMEBODY, shared / "evil.pkl", "--output", target), "cannot write", "permission denied"
        )
    assert (shared / "r.txt").read_text() == ""


def test_a_reader_that_leaves_changes_nothing(evil: Path) -> None:
    process = subprocess.Popen(
        [*PYTHON, "-m", "modelwarden", "-f", "sarif", "-q", str(evil)],
        env=os.environ | SAME,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), errors) == (1, b"")


# What is not the user's doing

BROKEN = """
import sys
import modelwarden.engine.scan as engine
from modelwarden.cli import run
def scan(paths, settings, watch):
    raise {error}
engine.scan = scan
sys.exit(run(sys.argv[1:]))
"""


def test_our_own_bug_is_exit_2_and_says_where_to_report_it(evil: Path, tmp_path: Path) -> None:
    error = "KeyError('a\\x1b[31m\\n::error::pwned')"
    result = python(BROKEN.format(error=error), evil, "-f", f"sarif:{tmp_path / 'r.sarif'}")
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback (most recent call last):" in result.stderr
    assert result.stderr.splitlines()[-1].endswith(ISSUES)
    assert "\x1b" not in result.stderr
    assert not any(line.lstrip().startswith("::") for line in result.stderr.splitlines())
    assert not (tmp_path / "r.sarif").exists()


def test_ctrl_c_is_exit_130(evil: Path) -> None:
    result = python(BROKEN.format(error="KeyboardInterrupt"), evil)
    assert result.returncode == 130
    assert result.stdout == ""
    assert result.stderr.strip() == "modelwarden: interrupted"


# The catalogue and the formats


def test_rules_lists_the_whole_catalogue() -> None:
    result = modelwarden("rules")
    assert result.returncode == 0
    rows = [line.split()[0] for line in result.stdout.splitlines() if line.startswith("MW")]
    assert rows == list(CATALOGUE)


def test_a_rule_is_known_by_id_and_by_name() -> None:
    by_id = CliRunner().invoke(cli, ["rules", "mw101"])
    assert by_id.exit_code == 0
    assert by_id.stdout.startswith("MW101 dangerous-call  critical\n")
    assert CATALOGUE["MW101"].remedy.split()[-1] in by_id.stdout
    assert CliRunner().invoke(cli, ["rules", "dangerous-call"]).stdout == by_id.stdout


def test_formats_lists_every_format() -> None:
    rows = [
        line.split()[0] for line in CliRunner().invoke(cli, ["formats"]).stdout.splitlines() if line[0] != " "
    ]
    assert rows == [format_.name for format_ in FORMATS]


def test_help_and_version() -> None:
    assert modelwarden("--version").stdout == f"modelwarden {product.__version__}\n"
    for arguments in (("--help",), ("-h",), ("scan", "--help")):
        result = modelwarden(*arguments)
        assert result.returncode == 0
        assert "4  wrong usage" in result.stdout


# Start-up


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--help",), ("rules",), ("EVIL",), ("EVIL", "-f", "json")]
)
def test_nothing_heavy_is_imported_without_need(evil: Path, arguments: tuple[str, ...]) -> None:
    code = "import sys; from modelwarden.cli import run; run(sys.argv[1:]); sys.stderr.write('LOADED ' + ' '.join(sys.modules))"
    result = python(code, *(str(evil) if item == "EVIL" else item for item in arguments))
    loaded = set(result.stderr.partition("LOADED ")[2].split())
    assert "click" in loaded
    assert not loaded & {
        "rich",
        "sarif_om",
        "modelwarden_sarif.model",
        "numpy",
        "torch",
        "h5py",
        "pickle",
        "asyncio",
        "ssl",
    }
    assert ("modelwarden_sarif" in loaded) == ("json" in arguments)  # its fingerprints
    if "EVIL" not in arguments:
        assert not any(name.startswith("modelwarden.engine") for name in loaded)
        assert "json" not in loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_the_command_says(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert command.help is not None
    assert " ".join(command.help.split("\n\n")[0].split()) == COMMANDS[name]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("modelwarden exp", "explain"),
        ("modelwarden scan --fail", "--fail-on"),
        ("modelwarden scan --fail-on wa", "warning"),
    ],
)
def test_a_shell_is_told_what_may_come(words: str, offered: str) -> None:
    count = str(len(words.split()) - 1)
    environment = {"_MODELWARDEN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    code = "from modelwarden.cli import run; import sys; sys.exit(run())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert f"plain,{offered}" in done.stdout.splitlines()
    assert done.stderr == ""


# Living with findings


def test_against_its_own_baseline_a_tree_has_nothing_new(evil: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    assert modelwarden(evil, "--write-baseline", baseline).returncode == 0
    again = modelwarden(evil, "--baseline", baseline)
    assert again.returncode == 0
    assert "Nothing new found. 1 known not counted." in again.stdout
    assert "lean" not in again.stdout
    fresh = evil.with_name("fresh.pkl")
    fresh.write_bytes(EVIL.replace(b"echo", b"date"))
    assert modelwarden(evil, fresh, "--baseline", baseline).returncode == 1


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_previous_report_is_a_baseline(evil: Path, tmp_path: Path, form: str) -> None:
    before = tmp_path / "before"
    assert modelwarden(evil, "-f", f"{form}:{before}").returncode == 1
    result = modelwarden(evil, "--baseline", before, "-f", "sarif")
    assert result.returncode == 0
    run = json.loads(result.stdout)["runs"][0]
    assert (run["results"], run["properties"]["findingsSuppressed"]) == ([], 1)


def test_an_ignore_is_read_from_the_project_not_from_what_is_scanned(tmp_path: Path) -> None:
    scanned = tmp_path / "downloaded"
    scanned.mkdir()
    (scanned / "evil.pkl").write_bytes(EVIL)
    text = '[[ignore]]\nrule = "dangerous-call"\nreason = "trust me"\n'
    (scanned / "modelwarden.toml").write_text(text, encoding="utf-8")
    assert modelwarden("downloaded", cwd=tmp_path).returncode == 1
    (tmp_path / "modelwarden.toml").write_text(text, encoding="utf-8")
    result = modelwarden("downloaded", "-v", cwd=tmp_path)
    assert result.returncode == 0
    assert "ignored: trust me" in " ".join(result.stdout.split())
    assert modelwarden("downloaded", "--no-config", cwd=tmp_path).returncode == 1


def test_a_configuration_that_is_not_understood_is_a_user_error(evil: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[ignore]]\nrule = "MW101"\n', encoding="utf-8")
    assert_user_error(modelwarden(evil, "--config", config), "a reason is missing")
    assert_user_error(modelwarden(evil, "--config", config, "--no-config"), "contradict")
    assert_user_error(modelwarden(evil, "--baseline", config), "no JSON")


# Uploading

UPLOAD = ("upload", "log.sarif", "--repository", "a/b", "--ref", "refs/heads/main", "--sha", "a" * 40)
NO_TOKEN = {"GITHUB_TOKEN": "", "GH_TOKEN": "", "GITHUB_EVENT_NAME": "", "GITHUB_EVENT_PATH": ""}


def test_an_upload_needs_a_token_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "log.sarif").write_text("{}", encoding="utf-8")
    assert_user_error(modelwarden(*UPLOAD, cwd=tmp_path, env=NO_TOKEN), "GITHUB_TOKEN")
    refused = modelwarden(*UPLOAD, "--token", "ghp_x", cwd=tmp_path, env=NO_TOKEN)
    assert_user_error(refused, "GITHUB_TOKEN instead of --token")
    assert "ghp_x" not in refused.stderr


def test_an_upload_that_is_no_log_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "log.sarif").write_text("{}", encoding="utf-8")
    result = modelwarden(*UPLOAD, cwd=tmp_path, env=NO_TOKEN | {"GITHUB_TOKEN": "ghs_x"})
    assert (result.returncode, result.stdout) == (2, "")
    assert "no SARIF 2.1.0 log" in result.stderr


def test_in_the_merge_queue_nothing_is_uploaded(tmp_path: Path) -> None:
    queue = {"GITHUB_EVENT_NAME": "merge_group", "GITHUB_REF": "refs/heads/gh-readonly-queue/main/pr-1"}
    result = modelwarden("upload", "log.sarif", cwd=tmp_path, env=NO_TOKEN | queue)
    assert result.returncode == 0
    assert "nothing was uploaded: the merge queue" in result.stderr
