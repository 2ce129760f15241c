#!/bin/sh
# Locks what the Action and the image install, by hash, for every system and Python we support.
# usage: lock.sh UV
set -eu

uv=$1
lock() { # TARGET INPUT OPTIONS
    target=$1 input=$2
    shift 2
    "$uv" pip compile "$input" "$@" --quiet --universal --python-version 3.11 --generate-hashes \
        --custom-compile-command 'make lock' --upgrade --output-file "requirements/$target"
}

# With the extras: the Action and the image read everything we can read.
lock action.txt pyproject.toml --all-extras
requires() { sed -n 's/^requires = \["\(.*\)"\]$/\1/p' pyproject.toml; }
requires | lock build.txt -
requires | lock compile.txt - --group compile
