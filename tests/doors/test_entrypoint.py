"""entrypoint.sh: variables in, arguments out, byte for byte."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

# Stands where Python would, tells what it was given, and plays a scan.
RECORDER = """#!/usr/bin/env bash
printf '%s\\0' "$@" >"$RECORD"
printf '%s' "${MSYS2_ARG_CONV_EXCL-}" >"$RECORD.unchanged"
printf '%s' "${SAYS-}"
printf '%s' "${COMPLAINS-}" >&2
[ -z "${LEAVES-}" ] || printf '%s\\n' "$LEAVES" >>"$GITHUB_OUTPUT"
exit "${EXITS:-0}"
"""
HARD = [
    "with space.pkl",
    "-rf",
    "--help",
    "$(touch pwned)",
    "`touch pwned`",
    "a;touch pwned",
    "*",
    "'\"\\",
    "é\u202e.pt",
    "~",
]


class Door:
    def __init__(self, script: Path, place: Path, environment: Mapping[str, str]) -> None:
        self._script, self._place, self._environment = script, place, environment
        self.output = place / "output"
        (place / "python").write_text(RECORDER)
        (place / "python").chmod(0o755)

    def __call__(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **self._environment,
            "MODELWARDEN_PYTHON": str(self._place / "python"),
            "RECORD": str(self._place / "record"),
            **variables,
        }
        return subprocess.run(
            [self._script, *arguments], cwd=self._place, env=environment, capture_output=True, text=True
        )

    @property
    def arguments(self) -> list[str]:
        """What modelwarden was given, after the interpreter's own options."""
        given = (self._place / "record").read_text().split("\0")[:-1]
        assert given[:5] == ["-I", "-X", "utf8", "-m", "modelwarden"]
        return given[5:]


@pytest.fixture
def door(repository: Path, tmp_path: Path, clean_environment: Mapping[str, str]) -> Door:
    return Door(repository / "entrypoint.sh", tmp_path, clean_environment)


def test_scans_the_current_directory_when_nothing_is_said(door: Door) -> None:
    assert door().returncode == 0
    assert door.arguments == ["scan", "--", "."]


def test_hands_arguments_over_as_they_are(door: Door) -> None:
    door("scan", *HARD, MODELWARDEN_PATHS="not used")
    assert door.arguments == ["scan", *HARD]


def test_has_git_for_windows_change_no_argument(door: Door, tmp_path: Path) -> None:
    door(MODELWARDEN_EXCLUDE="/old/")
    assert door.arguments == ["scan", "--exclude=/old/", "--", "."]
    assert (tmp_path / "record.unchanged").read_text() == "*"


def test_makes_one_path_of_each_line_and_ends_the_options_before_them(door: Door, tmp_path: Path) -> None:
    door(MODELWARDEN_PATHS="\n\n".join(HARD) + "\r\n")
    assert door.arguments == ["scan", "--", *HARD]
    assert not (tmp_path / "pwned").exists()


def test_knows_every_variable(door: Door, tmp_path: Path) -> None:
    door(
        MODELWARDEN_PATHS="models",
        MODELWARDEN_EXCLUDE="*.bin\nold models/**",
        MODELWARDEN_CHANGED_ONLY="true",
        MODELWARDEN_BASELINE="known findings.json",
        MODELWARDEN_CONFIG="own.toml",
        MODELWARDEN_TIMEOUT="60",
        MODELWARDEN_MAX_FILE_SIZE="20GB",
        MODELWARDEN_SARIF_PROFILE="generic",
        MODELWARDEN_FAIL_ON="critical",
        MODELWARDEN_MIN_SEVERITY="debug",
        MODELWARDEN_FORMAT="markdown:a b.md\njson:c.json",
        MODELWARDEN_SARIF_FILE="out dir/x.sarif",
        MODELWARDEN_CATEGORY="weights",
        MODELWARDEN_SUMMARY="true",
        MODELWARDEN_ANNOTATIONS="true",
        MODELWARDEN_ARGS="--show-skipped\n--verbose",
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary"),
        GITHUB_OUTPUT=str(door.output),
    )
    assert door.arguments == [
        "scan",
        "--format=sarif:out dir/x.sarif",
        "--format=markdown:a b.md",
        "--format=json:c.json",
        "--exclude=*.bin",
        "--exclude=old models/**",
        "--changed-only",
        "--baseline=known findings.json",
        "--config=own.toml",
        "--timeout=60",
        "--max-file-size=20GB",
        "--sarif-profile=generic",
        "--fail-on=critical",
        "--min-severity=debug",
        "--category=weights",
        f"--outputs={door.output}",
        f"--summary={tmp_path / 'summary'}",
        "--annotations",
        "--show-skipped",
        "--verbose",
        "--",
        "models",
    ]


def test_reads_the_inputs_of_a_container_action(door: Door) -> None:
    door(INPUT_PATHS="a\nb", **{"INPUT_FAIL-ON": "never", "INPUT_SARIF-FILE": "x.sarif"})
    assert door.arguments == ["scan", "--format=sarif:x.sarif", "--fail-on=never", "--", "a", "b"]


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4])
def test_exits_as_the_scan_does(door: Door, code: int) -> None:
    assert door(EXITS=str(code)).returncode == code
    assert door(EXITS=str(code), GITHUB_ACTIONS="true").returncode == code


def test_leaves_the_exit_code_that_the_scan_wrote(door: Door) -> None:
    door(EXITS="1", LEAVES="exit-code=1", GITHUB_OUTPUT=str(door.output))
    assert door.output.read_text() == "exit-code=1\n"


@pytest.mark.parametrize(("exits", "told"), [("1", "2"), ("137", "2"), ("0", "2"), ("4", "4")])
def test_a_scan_that_died_does_not_pass_for_a_finished_one(door: Door, exits: str, told: str) -> None:
    door.output.write_text("")
    assert door(EXITS=exits, GITHUB_OUTPUT=str(door.output)).returncode == int(told)
    assert door.output.read_text() == f"exit-code={told}\n"


def test_the_runner_hears_no_command_but_the_annotations(door: Door, tmp_path: Path) -> None:
    said = door(
        MODELWARDEN_ANNOTATIONS="true",
        SAYS="::add-mask::a\n##[group]b\n",
        COMPLAINS="::warning file=a::b\n::set-env name=A::c\nmodelwarden: d\n",
        GITHUB_ACTIONS="true",
        RUNNER_TEMP=str(tmp_path),
    ).stdout.splitlines()
    assert said[0].startswith("::stop-commands::")
    word = said[0].removeprefix("::stop-commands::")
    assert len(word) == 32
    resumed = said.index(f"::{word}::")
    assert [line for line in said[1:resumed] if line] == [
        "::add-mask::a",
        "##[group]b",
        "::set-env name=A::c",
        "modelwarden: d",
    ]
    assert said[resumed + 1 :] == ["::warning file=a::b"]
    assert not list(tmp_path.glob("modelwarden-messages*"))


def test_the_word_differs_from_run_to_run(door: Door, tmp_path: Path) -> None:
    first, second = (door(GITHUB_ACTIONS="true", RUNNER_TEMP=str(tmp_path)).stdout for _ in range(2))
    assert first != second
