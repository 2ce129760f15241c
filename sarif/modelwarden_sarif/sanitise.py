"""Text that others wrote, made safe to show: nothing invisible, nothing that moves a cursor or turns text round.

The set is spelled out instead of asked from `unicodedata`, so every Python writes the same report.
"""

import re

_UNSAFE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0 and C1 controls: terminal escapes, line breaks
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # invisible: soft hyphen, joiners, fillers
    "\u200b-\u200f\u2060-\u206f\ufeff"  # zero width, direction marks, isolates
    "\u2028-\u202e"  # line and paragraph separator, direction overrides
    "\ufff9-\ufffb\ufffe\uffff"  # interlinear annotation, not characters
    "\ud800-\udfff"  # lone surrogates: not text at all
    "\U000e0000-\U000e0fff"  # tags: a whole hidden alphabet
    "]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MESSAGE = {"\\": "\\\\", "[": "\\[", "]": "\\]", "{": "{{", "}": "}}"}
ELLIPSIS = "…"


def visible(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, everything unsafe written as an escape such as `\\n`, `\\x1b` or `\\u202e`.

    What is cut off is marked by an ellipsis; an escape is never cut in two.
    """
    return _join(text, limit, for_message=False)


def message_text(text: str, limit: int) -> str:
    """Like `visible`, for the text of a SARIF message, where brackets make links and braces are placeholders.

    Escapes are those of SARIF 2.1.0: `{{ }}` (section 3.11.5) and `\\[ \\] \\\\` (section 3.11.6).
    """
    return _join(text, limit, for_message=True)


def _join(text: str, limit: int, *, for_message: bool) -> str:
    pieces: list[str] = []
    room = limit - len(ELLIPSIS)
    used = kept = 0  # length so far, and number of pieces that leave room for the ellipsis
    for character in text:
        piece = _escape(character) if _UNSAFE.match(character) else character
        if for_message:
            piece = "".join(_MESSAGE.get(part, part) for part in piece)
        used += len(piece)
        if used > limit:
            return "".join(pieces[:kept]) + ELLIPSIS
        pieces.append(piece)
        if used <= room:
            kept = len(pieces)
    return "".join(pieces)


def _escape(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
