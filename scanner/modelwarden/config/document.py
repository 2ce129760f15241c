"""A configuration file as it was written: its table, and on which line each key stands.

It is read from the project we are in, at its top, or from where `--config` says. Never from what is scanned: a model repository
must not be able to silence its own alarms.
"""

import os
import re
from collections.abc import Mapping

from modelwarden.domain.record import record
from modelwarden.errors import UserError

NAMES = ("modelwarden.toml", "pyproject.toml")
_MOST_BYTES = 1 << 20
_WITHIN = "tool.modelwarden"
_HEADER = r"\s*(\[\[?)\s*([^\]]+?)\s*\]"


@record
class Document:
    """`table`: what is ours of a file. `text`: all of it. `prefix`: the name of our table in it, with a dot, or empty."""

    file: str
    table: Mapping[str, object]
    text: str
    prefix: str = ""

    def place(self, key: str, table: str = "", number: int = 1) -> str:
        """`file:line` of a key in the `number`th table of that name (from 1; of the table's header, without a key)."""
        line = _line(self.text, f"{self.prefix}{table}".rstrip("."), key, number)
        return f"{self.file}:{line}" if line else self.file


def find(named: str | None, project: str) -> Document | None:
    """The file `named`, else the one at the top of the directory `project`.

    Raises UserError for a file that cannot be read or is no TOML.
    """
    if named is not None:
        return _ours(named) or Document(named, {}, "")
    for name in NAMES:
        file = os.path.join(project, name)
        if os.path.isfile(file) and (name == NAMES[0] or _mentions_us(file)):
            document = _ours(file)
            if document is not None:
                return document
    return None


def _ours(file: str) -> Document | None:
    """What is ours of a file: all of it, or `[tool.modelwarden]` of a pyproject.toml; None when there is none."""
    import tomllib

    text = ""
    try:
        with open(file, "rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise UserError(f"{file} is larger than a configuration can be ({_MOST_BYTES:,} bytes)")
        text = data.decode("utf-8")
        whole = tomllib.loads(text.replace("\r\n", "\n"))
    except OSError as error:
        raise UserError(f"cannot read {file}: {(error.strerror or '').lower()}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{file}{_where(error, text)}: {error}") from error
    if os.path.basename(file) != "pyproject.toml":
        return Document(file, whole, text)
    match whole:
        case {"tool": {"modelwarden": table}}:
            if not isinstance(table, dict):
                raise UserError(f"{file}: {_WITHIN} is no table")
            return Document(file, table, text, f"{_WITHIN}.")
    return None


def _where(error: Exception, text: str) -> str:
    """`:line`, when the parser says it."""
    found = re.search(r"\(at line (\d+)", str(error))
    if found:
        return f":{found[1]}"
    return f":{len(text.splitlines())}" if "at end of document" in str(error) else ""


def _mentions_us(file: str) -> bool:
    """Whether it is worth parsing: somebody else's pyproject.toml may be broken in ways that are none of our business."""
    try:
        with open(file, "rb") as stream:
            return b"modelwarden" in stream.read(8 << 20)
    except OSError:
        return False


def _line(text: str, table: str, key: str, number: int) -> int:
    """The line of a key as far as it can be told by looking at the text, or 0: TOML's parser does not say."""
    inside, met = table == "", 0
    wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    for count, row in enumerate(text.splitlines(), 1):
        header = re.match(_HEADER, row)
        if header:
            name = ".".join(part.strip(" \"'") for part in header[2].split("."))
            met += name == table
            inside = name == table and (header[1] == "[" or met == number)
            if not key and inside:
                return count
        elif key and inside and wanted.match(row):
            return count
    return 0
