"""What a configuration file says: ignores, and values for the options of `scan`, tables spelled as the options are.

`[severity] MW109 = "info"` is `--severity MW109=info`, `[globals] allow = ["pkg.*"]` is `--allow pkg.*`, and so on: there is one
list of settings, and one place that understands their values, which is the command line.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from modelwarden.config.document import Document, find
from modelwarden.domain.nearest import nearest
from modelwarden.domain.record import record
from modelwarden.errors import UserError

if TYPE_CHECKING:
    from modelwarden.config.modelscan.mapping import Foreign
    from modelwarden.triage.ignores import Ignore

Scalar: TypeAlias = str | int | float | bool
_PAIRS = {"severity": "severity", "suffixes": "suffix", "limits": "limit"}
"""Tables of `key = value` and the option that takes each as KEY=VALUE."""
_LISTS = {"globals": {"allow": "allow", "deny": "deny"}, "formats": {"off": "without-format"}}
"""Tables of lists and the option that takes each entry."""


@record
class Value:
    """What a file sets for an option. `place` is `file:line`, or the file where the line is not known."""

    value: Scalar | tuple[Scalar, ...]
    place: str


@record(kw_only=True)
class Configuration:
    """`file`: where it was read, or empty. `options`: option name → value, as far as the file's shape tells.

    `foreign`: the settings file of ModelScan that was read beside it and stands in `options`, or None.
    """

    file: str = ""
    ignores: "tuple[Ignore, ...]" = ()
    options: tuple[tuple[str, Value], ...] = ()
    foreign: "Foreign | None" = None


def load(named: str | None, project: str) -> Configuration:
    """The configuration in the file `named`, else the one at the top of the directory `project`, else an empty one.

    Raises UserError for a file that cannot be read or holds what is not understood; names and values of options are for the
    command line to judge.
    """
    document = find(named, project)
    if document is None:
        return Configuration()
    from modelwarden.config.ignores import ignores  # most projects have no configuration

    return Configuration(
        file=document.file, ignores=tuple(ignores(document)), options=tuple(_options(document))
    )


def holds(paths: Iterable[str], file: str) -> bool:
    """Whether a file lies in, or is, one of the paths."""
    inner = os.path.realpath(file)
    return any(
        os.path.commonpath([inner, outer]) == outer
        for outer in map(os.path.realpath, paths)
        if os.path.splitdrive(outer)[0] == os.path.splitdrive(inner)[0]
    )


def _options(document: Document) -> Iterator[tuple[str, Value]]:
    for key, value in document.table.items():
        place = document.place(key)
        if key == "ignore":
            continue
        if key in _PAIRS:
            pairs = _table(document, key, value)
            entries = tuple(f"{name}={_scalar(document, key, name, one)}" for name, one in pairs.items())
            yield _PAIRS[key], Value(entries, document.place("", key))
        elif key in _LISTS:
            yield from _lists(document, key, _table(document, key, value))
        elif isinstance(value, list):
            if not all(isinstance(item, Scalar) for item in value):
                raise UserError(f"{place}: {key}: a list of texts is expected")
            yield key, Value(tuple(value), place)
        elif isinstance(value, Scalar):
            yield key, Value(value, place)
        else:
            raise UserError(f"{document.place('', key)}: {key}: unknown table{_near(key)}")


def _lists(document: Document, table: str, entries: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    for name, value in entries.items():
        place = document.place(name, table)
        if name not in _LISTS[table]:
            raise UserError(
                f"{place}: unknown key {name!r} in [{table}]; known are {', '.join(_LISTS[table])}"
            )
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UserError(f"{place}: {table}.{name}: a list of texts is expected")
        yield _LISTS[table][name], Value(tuple(value), place)


def _table(document: Document, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise UserError(f"{document.place(key)}: {key}: a table is expected: write [{key}]")
    return value


def _scalar(document: Document, table: str, key: str, value: object) -> Scalar:
    if not isinstance(value, Scalar):
        raise UserError(f"{document.place(key, table)}: {table}.{key}: one value is expected")
    return value


def _near(key: str) -> str:
    return f"; did you mean [{nearest(key, [*_PAIRS, *_LISTS, 'ignore'])}]?"
