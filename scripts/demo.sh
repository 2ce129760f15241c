#!/bin/sh
# Scan the models named after the command and say what the exit code means.
# usage: demo.sh MODELWARDEN MODEL…
set -u

modelwarden=$1
shift
sarif="modelwarden-demo.sarif"

rm -f "$sarif"
printf '$ modelwarden scan'
printf ' %s' "$@"
printf ' -f text -f sarif:%s\n\n' "$sarif"

"$modelwarden" scan "$@" -f text -f "sarif:$sarif"
code=$?

if [ ! -s "$sarif" ]; then
    printf '\nThe scan left no SARIF file (exit code %s): this is not how the demo should end.\n' "$code" >&2
    exit 1
fi
printf '\nSARIF for code scanning: %s\n' "$sarif"
case $code in
1)
    printf 'Exit code 1: two of the four models would run a command when loaded. A build that scans them stops here.\n'
    printf '(The commands in these samples only echo a line, and nothing was loaded to find them.)\n'
    ;;
*)
    printf 'Exit code %s, but the samples should give 1: this is not how the demo should end.\n' "$code" >&2
    exit 1
    ;;
esac
