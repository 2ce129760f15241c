"""A search for what makes a document worth parsing, so that a large tokenizer or a data file costs reading it once.

Keys can be written with escapes (`"\\u005ftarget_"`, `!!pyth%6fn/...`): a document that escapes letters is parsed as well.
"""

import re
from collections.abc import Callable

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import ByteSource

_WINDOW = 1 << 20
_OVERLAP = 128
_SEARCHED = 64 << 30
"""No document is searched that is longer, in bytes; callers say what the user set."""

WORDS = (
    b"_target_", b"class_path", b"auto_map", b"auto_mapping", b"custom_pipelines", b"trust_remote_code",
    b"chat_template", b"weight_map", b"_class_name", b"loader_module",
)  # fmt: skip
"""Keys of which one is enough."""

_PAIRED = ((b"target", b"params"), (b"target", b"nemo_version"), (b"idx", b"type"), (b"dependencies", b"pip"))
"""Keys that mean something together."""

NAMING = (
    b"_name_or_path", b"model_name", b"name", b"base_model", b"base_model_name_or_path", b"architectures", b"model_id",
)  # fmt: skip
"""Keys under which a model, or the one it comes from, is called something."""

_WRITTEN = rb"\\u00(?:3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aA])"
_VALUED = re.compile(rb'"(?:' + b"|".join(WORDS) + rb')"[ \t\r\n]{0,64}:[ \t\r\n]{0,32}[^\d\s-]|' + _WRITTEN)
"""In JSON a key with something else than a number (as in a vocabulary), or an escaped letter."""
_TAGS = re.compile(rb"python/|%TAG|_target_|auto_map|loader_module|chat_template|class_path")
_ESCAPES = re.compile(rb"\\[xuU\r\n]|![^\s!]{0,99}%[0-9a-fA-F]{2}")
"""In YAML and its kin what may hide a key or a tag, and is common in other documents."""


class Marks:
    """What was found. `strong`: a key of ours with a value, or a tag. `weak`: words or escapes that may mean something else.

    `naming`: only what a model is called.
    """

    __slots__ = ("naming", "strong", "weak")

    def __init__(self, *, strong: bool = False, weak: bool = False, naming: bool = False) -> None:
        self.strong = strong
        self.weak = weak
        self.naming = naming

    def __bool__(self) -> bool:
        return self.strong or self.weak or self.naming


def json_marks(source: ByteSource, most: int = _SEARCHED, *, names: bool) -> Marks:
    """What a JSON document holds, searched as bytes: every key stands in quotes. Raises LimitReached."""
    return _search(source, most, _quoted, _VALUED, rb"\u00", names)


def text_marks(source: ByteSource, most: int = _SEARCHED, *, names: bool) -> Marks:
    """What a document in YAML, TOML or INI holds, searched as bytes: its keys need no quotes. Raises LimitReached."""
    return _search(source, most, bytes, _TAGS, b"", names)


def _quoted(word: bytes) -> bytes:
    return b'"' + word + b'"'


def _search(
    source: ByteSource,
    most: int,
    write: Callable[[bytes], bytes],
    strong: re.Pattern[bytes],
    hint: bytes,
    names: bool,
) -> Marks:
    if source.size > most:
        raise LimitReached(
            f"a text of {source.size:,} bytes is too long to be searched: none of it was looked at"
        )
    words = [write(word) for word in WORDS]
    paired = [(write(first), write(second)) for first, second in _PAIRED]
    wanted = {word for pair in paired for word in pair}
    naming = [write(word) for word in NAMING] if names else []
    met: set[bytes] = set()
    weak = named = False
    offset = 0
    while offset < source.size:
        window = source.read(max(0, offset - _OVERLAP), _WINDOW + _OVERLAP)
        if not window:
            break
        word = any(word in window for word in words)
        if (word or hint in window) and strong.search(window) is not None:
            return Marks(strong=True, weak=True, naming=names)
        met.update(word for word in wanted - met if word in window)
        weak = weak or word or any(met.issuperset(pair) for pair in paired)
        weak = weak or (not hint and _ESCAPES.search(window) is not None)
        named = named or any(word in window for word in naming)
        offset += _WINDOW
    return Marks(weak=weak, naming=named)
