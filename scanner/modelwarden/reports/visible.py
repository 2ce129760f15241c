"""Attacker text made harmless and visible, for terminals, logs and Markdown.

Everything a model contains is attacker text: terminals obey escape sequences, bidirectional controls reorder what a reader
sees, and runners obey commands in a log (`::error::…` at the start of a line once blanks are trimmed, `##[error]…` and
`##vso[…]` anywhere in one:
https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions).
"""

import re

NAME = 200
"""Characters left of a name or a path."""

MESSAGE = 1_000
"""Characters left of a whole message."""

ELLIPSIS = "…"
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_IN_JSON = re.compile(r"#(?=#(?:vso)?\[)")
_COMMAND = re.compile(r"(?:(?<=\s)|^):(?=:)|#(?=#(?:vso)?\[)")


def visible(text: str, limit: int = NAME, escape: str = "") -> str:
    """`text` on one line, at most `limit` characters long, with nothing in it that is obeyed instead of shown.

    What `str.isprintable` calls unprintable (controls, bidirectional and other format characters, line separators, lone
    surrogates, blanks other than the space) and the characters in `escape` become `\\n`, `\\x1b`, `\\u202e` and so on. The
    middle of a longer text makes way for an ellipsis: the start tells what it is, the end of a path which one.
    """
    if len(text) > limit:  # each character needs at least one: no need to escape megabytes first
        text = f"{text[:limit]}{ELLIPSIS}{text[-limit:]}"
    if not text.isprintable() or any(character in text for character in escape):
        text = "".join(
            _escaped(character) if not character.isprintable() or character in escape else character
            for character in text
        )
    text = _COMMAND.sub(lambda match: _escaped(match[0]), text)
    if len(text) > limit:
        tail = limit // 3
        text = f"{text[: limit - tail - 1]}{ELLIPSIS}{text[-tail:]}"
    return text


def unobeyed(document: str) -> str:
    """A JSON document of the same value in which no runner finds a command: `##vso[` and `##[` are obeyed anywhere in a line."""
    return _IN_JSON.sub(r"\\u0023", document)


def _escaped(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
