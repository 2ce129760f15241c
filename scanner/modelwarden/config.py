"""The user's own configuration file: what is accepted, by rule, path, subject and hash.

It is read from the project we are in (`modelwarden.toml`, or `[tool.modelwarden]` in `pyproject.toml`, at its top) or from where
`--config` says. Never from what is scanned: a model repository must not be able to
silence its own alarms.
"""

import os
from collections.abc import Mapping
from datetime import date, datetime

from modelwarden.domain.record import record
from modelwarden.errors import UserError
from modelwarden.triage.ignores import Ignore

NAMES = ("modelwarden.toml", "pyproject.toml")
_CONDITIONS = ("rule", "path", "subject", "sha256")
_KEYS = frozenset({*_CONDITIONS, "reason", "expires"})


@record(kw_only=True)
class Configuration:
    """What a configuration file says. `file`: where it was read, or empty."""

    file: str = ""
    ignores: tuple[Ignore, ...] = ()


def load(named: str | None, project: str) -> Configuration:
    """The configuration in the file `named`, else the one at the top of the directory `project`, else an empty one.

    Raises UserError for a file that cannot be read or holds what is not understood.
    """
    if named is not None:
        return _configuration(named, _ours(_read(named), named) or {})
    for name in NAMES:
        file = os.path.join(project, name)
        if not os.path.isfile(file):
            continue
        if name == NAMES[0] or _mentions_us(file):
            table = _ours(_read(file), file)
            if table is not None:
                return _configuration(file, table)
    return Configuration()


def _ours(document: dict[str, object], file: str) -> object:
    """The part of a file that is ours: all of it, or `[tool.modelwarden]` of a pyproject.toml; None when there is none."""
    if os.path.basename(file) != "pyproject.toml":
        return document
    match document:
        case {"tool": {"modelwarden": table}}:
            return table
    return None


def _mentions_us(file: str) -> bool:
    """Whether it is worth parsing: somebody else's pyproject.toml may be broken in ways that are none of our business."""
    try:
        with open(file, "rb") as stream:
            return b"modelwarden" in stream.read(8 << 20)
    except OSError:
        return False


def _read(file: str) -> dict[str, object]:
    import tomllib

    try:
        with open(file, "rb") as stream:
            return tomllib.load(stream)
    except OSError as error:
        raise UserError(f"cannot read {file}: {(error.strerror or '').lower()}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{file}: {error}") from error


def _configuration(file: str, table: object) -> Configuration:
    if not isinstance(table, dict):
        raise UserError(f"{file}: modelwarden's part is no table")
    unknown = sorted(set(table) - {"ignore"})
    if unknown:
        raise UserError(f"{file}: unknown key {unknown[0]!r}; what can be set is 'ignore'")
    entries = table.get("ignore", [])
    if not isinstance(entries, list):
        raise UserError(f"{file}: 'ignore' is no array of tables: write [[ignore]]")
    return Configuration(
        file=file, ignores=tuple(_ignore(file, number, entry) for number, entry in enumerate(entries, 1))
    )


def _ignore(file: str, number: int, entry: object) -> Ignore:
    where = f"{file}: ignore {number}"
    if not isinstance(entry, dict):
        raise UserError(f"{where} is no table")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise UserError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
    texts = {key: _text(where, entry, key) for key in (*_CONDITIONS, "reason")}
    if not texts["reason"].strip():
        raise UserError(f"{where}: a reason is missing")
    if not any(texts[key] for key in _CONDITIONS):
        raise UserError(f"{where}: it would hide everything; give it one of {', '.join(_CONDITIONS)}")
    expires = entry.get("expires")
    if isinstance(expires, str):
        try:
            expires = date.fromisoformat(expires)
        except ValueError:
            raise UserError(f"{where}: 'expires' is no date: write 2027-01-31") from None
    if expires is not None and (not isinstance(expires, date) or isinstance(expires, datetime)):
        raise UserError(f"{where}: 'expires' is no date: write 2027-01-31")
    return Ignore(**{**texts, "sha256": texts["sha256"].lower()}, expires=expires)


def _text(where: str, entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise UserError(f"{where}: {key!r} is no text")
    return value
