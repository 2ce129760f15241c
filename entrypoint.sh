#!/usr/bin/env bash
# The one shell door of modelwarden: variables become arguments. It is the image's ENTRYPOINT and the Action's scan step.
#
# With arguments it hands them to modelwarden as they are. Without, it reads these variables, empty meaning the command's own
# default; each may also come as INPUT_<NAME>, the way a container action hands its inputs over (INPUT_FAIL-ON included):
#
#   MODELWARDEN_PATHS         what to scan, one path a line; default: the current directory
#   MODELWARDEN_EXCLUDE       globs to leave out, one a line
#   MODELWARDEN_CHANGED_ONLY  true: in a pull or merge request scan only what it changes
#   MODELWARDEN_BASELINE      an earlier report: what is in there does not count
#   MODELWARDEN_CONFIG        the file with accepted findings
#   MODELWARDEN_TIMEOUT       seconds for one file
#   MODELWARDEN_MAX_FILE_SIZE larger files are not read
#   MODELWARDEN_SARIF_PROFILE github | gitlab | azure | generic
#   MODELWARDEN_FAIL_ON       critical | warning | info | never
#   MODELWARDEN_MIN_SEVERITY  critical | warning | info | debug
#   MODELWARDEN_FORMAT        further reports, one FORMAT:FILE a line
#   MODELWARDEN_SARIF_FILE    where the SARIF report goes
#   MODELWARDEN_CATEGORY      keeps several scans of one repository apart in code scanning
#   MODELWARDEN_SUMMARY       true: append the findings to $GITHUB_STEP_SUMMARY
#   MODELWARDEN_ANNOTATIONS   true: annotate the findings on GitHub
#   MODELWARDEN_ARGS          further arguments, one a line
#   MODELWARDEN_PYTHON        the interpreter that has modelwarden
#
# It exits with the scan's exit code, and where $GITHUB_OUTPUT is set it leaves `exit-code` there in any case.
# Written for bash 3.2, which is what macOS has. Nothing is split at spaces, nothing is evaluated.
set -u

# Git's bash on Windows would rewrite arguments that look like POSIX paths: `--exclude=/old/` and `--format=markdown:./models.md`.
export MSYS_NO_PATHCONV=1 MSYS2_ARG_CONV_EXCL='*'

setting() { # NAME: prints the value of MODELWARDEN_NAME, INPUT_NAME or INPUT_NA-ME
    local name=MODELWARDEN_$1 input=INPUT_$1
    if [ -n "${!name-}" ]; then
        printf '%s' "${!name}"
    elif [ -n "${!input-}" ]; then
        printf '%s' "${!input}"
    else
        # No shell variable can have a hyphen in its name; the environment can.
        printenv "INPUT_${1//_/-}" || :
    fi
}

lines=()
split_lines() { # TEXT: fills `lines` with its non-empty lines
    local rest=$1 line
    lines=()
    while [ -n "$rest" ]; do
        line=${rest%%$'\n'*}
        rest=${rest#"$line"}
        rest=${rest#$'\n'}
        line=${line%$'\r'}
        [ -z "$line" ] || lines+=("$line")
    done
}

arguments=(scan)
add_each() { # OPTION TEXT: one OPTION for each line of TEXT
    local line
    split_lines "$2"
    for line in ${lines[@]+"${lines[@]}"}; do
        arguments+=("$1=$line")
    done
}
add_one() { # OPTION VALUE: OPTION, unless VALUE is empty
    [ -z "$2" ] || arguments+=("$1=$2")
}

run() { "${MODELWARDEN_PYTHON:-python3}" -I -X utf8 -m modelwarden "$@"; }

if [ "$#" -gt 0 ]; then
    run "$@"
    exit
fi

sarif_file=$(setting SARIF_FILE)
[ -z "$sarif_file" ] || arguments+=("--format=sarif:$sarif_file")
add_each --format "$(setting FORMAT)"
add_each --exclude "$(setting EXCLUDE)"
[ "$(setting CHANGED_ONLY)" != true ] || arguments+=(--changed-only)
add_one --baseline "$(setting BASELINE)"
add_one --config "$(setting CONFIG)"
add_one --timeout "$(setting TIMEOUT)"
add_one --max-file-size "$(setting MAX_FILE_SIZE)"
add_one --sarif-profile "$(setting SARIF_PROFILE)"
add_one --fail-on "$(setting FAIL_ON)"
add_one --min-severity "$(setting MIN_SEVERITY)"
add_one --category "$(setting CATEGORY)"
add_one --outputs "${GITHUB_OUTPUT-}"
[ "$(setting SUMMARY)" != true ] || add_one --summary "${GITHUB_STEP_SUMMARY-}"

annotations=$(setting ANNOTATIONS)
[ "$annotations" != true ] || arguments+=(--annotations)

split_lines "$(setting ARGS)"
arguments+=(${lines[@]+"${lines[@]}"})
split_lines "$(setting PATHS)"
arguments+=(-- ${lines[@]+"${lines[@]}"})
[ "${#lines[@]}" -gt 0 ] || arguments+=(.)

if [ "${GITHUB_ACTIONS-}" != true ]; then
    run "${arguments[@]}"
    code=$?
else
    # A log line that starts with `::` is a command to the runner, and model files choose some of this text. So the runner is
    # told to stop listening until it hears a word that no file can know. Only the annotations, which modelwarden escapes
    # itself, are said after that word: they are picked out of stderr, which therefore waits until the scan is over.
    word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \r\n')
    messages=$(mktemp "${RUNNER_TEMP:-/tmp}/modelwarden-messages.XXXXXX") || exit 2
    printf '::stop-commands::%s\n' "$word"
    run "${arguments[@]}" 2>"$messages"
    code=$?
    grep -v -E '^::(error|warning|notice) ' "$messages"
    printf '\n::%s::\n' "$word"
    [ "$annotations" != true ] || grep -E '^::(error|warning|notice) ' "$messages"
    rm -f "$messages"
fi

# A scan that died (out of memory, killed, a defect) says nothing there, and must not pass for one of the codes of a finished scan.
if [ -n "${GITHUB_OUTPUT-}" ] && ! grep -q '^exit-code=' "$GITHUB_OUTPUT"; then
    [ "$code" -eq 4 ] || code=2
    printf 'exit-code=%s\n' "$code" >>"$GITHUB_OUTPUT"
fi
exit "$code"
