#!/bin/sh
# Locks what the Action and the image install, by hash, for every system and Python we support.
# usage: lock.sh UV
set -eu

uv=$1
lock() { # TARGET INPUT
    "$uv" pip compile "$2" --quiet --universal --python-version 3.11 --generate-hashes \
        --custom-compile-command 'make lock' --upgrade --output-file "requirements/$1"
}

lock action.txt pyproject.toml
sed -n 's/^requires = \["\(.*\)"\]$/\1/p' pyproject.toml | lock build.txt -
