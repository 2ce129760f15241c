#!/bin/sh
# Installs what the tests in this directory drive: GitHub's action parser and SARIF's official validator (npm), a browser, a
# container engine and a base image for it. It may be run again at any time; it starts nothing that stays.
#
# Where a container engine answers already, as on GitHub's runners, it is used, with the base image the Dockerfile names. Where
# none does (Debian, as root), Debian's engine is installed, and a base image of the same Debian and Python is built from
# Debian's packages, because such a machine may reach no image registry; the tests start and stop the engine themselves.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=$root/.cache/doors
mkdir -p "$cache"

say() { printf 'prepare: %s\n' "$*" >&2; }

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    say "Node.js 20 or newer with npm is needed"
    exit 1
fi
for project in action sarif html upload gitlab; do
    if ! cmp -s "$here/$project/package-lock.json" "$here/$project/node_modules/.installed-lock.json"; then
        say "npm ci in tests/doors/$project"
        npm ci --prefix "$here/$project" --no-audit --no-fund --loglevel=error >&2
        cp "$here/$project/package-lock.json" "$here/$project/node_modules/.installed-lock.json"
    fi
done
for program in run:action workflow:workflow; do
    "$here/action/node_modules/.bin/esbuild" "$here/action/${program%:*}.mjs" --bundle --platform=node --format=esm --log-level=warning \
        --banner:js="import {createRequire as r} from 'node:module';const require=r(import.meta.url);" --outfile="$cache/${program#*:}.mjs"
done

install() { # PACKAGE...: as root, or as who may become root without being asked
    say "apt-get install $*"
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root="sudo -n"
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# A browser for the HTML report; Debian's Groovy 2.4 is the one that Jenkins embeds; gitlab-ci-local copies with rsync.
missing=
command -v rsync >/dev/null || missing="$missing rsync"
command -v groovy >/dev/null || missing="$missing groovy"
command -v java >/dev/null || missing="$missing default-jre-headless"
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086 # a list of words
    install $missing
fi

if docker info >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    say "no container engine answers, and only root on Debian can be given one here"
    exit 1
fi
missing=
command -v dockerd >/dev/null || missing="$missing docker.io iptables"
[ -f "$cache/base.tar" ] || command -v debootstrap >/dev/null || missing="$missing debootstrap"
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086 # a list of words
    install $missing
fi

# The Debian that the image named in the Dockerfile is made of, and its Python.
suite=trixie python=3.13
if ! grep -q "^ARG BASE=python:$python-slim\$" "$root/Dockerfile"; then
    say "the Dockerfile names another base than python:$python-slim: change suite and python here as well"
    exit 1
fi
if [ ! -f "$cache/base.tar" ]; then
    say "building a stand-in for python:$python-slim from Debian $suite (one to two minutes)"
    base=$cache/rootfs
    rm -rf "$base"
    debootstrap --variant=minbase --include=python3,python3-pip,python3-venv,ca-certificates "$suite" "$base" >"$cache/debootstrap.log"
    # As in the official image: `python`, and a pip that installs.
    rm "$base/usr/lib/python$python/EXTERNALLY-MANAGED"
    ln -s python3 "$base/usr/bin/python"
    # A machine that brings its own certificates needs them in there too; the Dockerfile stays free of them.
    certificates=${SSL_CERT_FILE:-${PIP_CERT:-}}
    if [ -n "$certificates" ]; then
        cp "$certificates" "$base/etc/ssl/certs/ca-certificates.crt"
        printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$base/etc/pip.conf"
    fi
    tar -C "$base" --exclude=./var/cache/apt --exclude=./var/lib/apt/lists --exclude=./usr/share/doc --exclude=./usr/share/man \
        --exclude=./usr/share/locale -cf "$cache/base.tar.new" .
    mv "$cache/base.tar.new" "$cache/base.tar"
    rm -rf "$base"
fi
