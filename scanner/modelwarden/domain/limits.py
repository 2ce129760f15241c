"""What every ceiling of `Limits` means: docs/limits.md and `--limit` are made from this table."""

from modelwarden.domain.budget import Limits
from modelwarden.domain.record import record
from modelwarden.domain.size import parse_size, show_size

BYTES = "bytes"


@record
class Limit:
    """`name` is the field of `Limits`; `unit`: bytes, or what is counted. `text`: what it holds back, and what stays unread."""

    name: str
    unit: str
    text: str

    @property
    def default(self) -> int:
        """What holds without `--limit`."""
        value: int = getattr(Limits(), self.name)
        return value

    def show(self, value: int) -> str:
        """A value with its unit."""
        return show_size(value) if self.unit == BYTES else f"{value:,} {self.unit}"

    def parse(self, text: str) -> int:
        """The value that `text` states. Raises ValueError."""
        value = parse_size(text)
        if self.unit != BYTES and not text.replace("_", "").strip().isdigit():
            raise ValueError(f"{self.name} counts {self.unit}: {text!r} is no whole number")
        if value == 0:
            raise ValueError(f"{self.name} must be at least 1")
        return value


LIMITS: tuple[Limit, ...] = (
    Limit("depth", "levels", "Archives within archives are opened so deep. What lies deeper is not read."),
    Limit(
        "members",
        "members",
        "Of one file so many members, tensors, layers, links and named settings are looked at, those of nested archives "
        "included. What comes after them is not read.",
    ),
    Limit(
        "expanded_bytes",
        BYTES,
        "So much may come out of all decompressors together. Reading a member again costs again. What would come after "
        "is not read.",
    ),
    Limit(
        "expansion_ratio",
        "to 1",
        "A compressed member of which more than 1 GiB came out is not read on when it has grown more than so many times.",
    ),
    Limit(
        "inline_bytes",
        BYTES,
        "A member up to this size is kept in memory while it is read; a larger one is decompressed again where it is read again. "
        "Nothing is left unread for it.",
    ),
    Limit(
        "text_bytes",
        BYTES,
        "Text that is parsed as a whole: JSON, the header of safetensors, Keras configurations, skops schemas. Grammars that "
        "take longer get a part of it: YAML, Zarr and Orbax metadata half, TOML and TorchScript code a quarter, INI a sixteenth; "
        "TensorFlow's text format twice as much. Longer JSON, YAML, TOML and INI are searched for keys that name code and "
        "reported when there are some; of others the rest is not read.",
    ),
    Limit(
        "searched_bytes",
        BYTES,
        "Long texts, XML and TensorRT engines are searched from front to back, so far. What lies behind is not read.",
    ),
    Limit(
        "values",
        "values",
        "Of one tree (MessagePack, UBJSON, the lists of GGUF) so many values are passed, of a Keras configuration half as many "
        "objects, of a TensorFlow graph five times as many fields and of an ONNX graph two and a half times. The rest is not "
        "read.",
    ),
    Limit(
        "pickle_memory",
        BYTES,
        "What the stack and the memo of one pickle may hold, by estimate. When it is used up the rest of the pickle is only "
        "searched for the names it imports.",
    ),
    Limit(
        "opcodes",
        "opcodes",
        "So many opcodes of one pickle are followed exactly; data without imports and calls is passed without counting. The rest "
        "of the pickle is only searched for the names it imports.",
    ),
    Limit(
        "findings",
        "findings",
        "So many different findings of one file are kept. The others are counted, and the report says how many there "
        "were (MW906).",
    ),
    Limit(
        "file_bytes",
        BYTES,
        "A larger file is not read at all; the same as `--max-file-size`.",
    ),
    Limit(
        "total_bytes",
        BYTES,
        "Files are read, in the order of the report, while their sizes together stay below this; what comes after is not read. "
        "The same as `--max-total-size`.",
    ),
)
"""In the order of the page."""


def parse_limits(given: tuple[str, ...]) -> dict[str, int]:
    """The fields that texts like `members=500` or `text_bytes=64MiB` set. Raises ValueError, with a hint for a wrong name."""
    known = {limit.name: limit for limit in LIMITS}
    found: dict[str, int] = {}
    for text in given:
        name, equals, value = text.partition("=")
        name = name.strip().lower().replace("-", "_")
        if name not in known:
            from difflib import get_close_matches  # for a wrong name alone

            close = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
            raise ValueError(f"no limit is called {name!r}: {hint}")
        if not equals:
            raise ValueError(f"{name} needs a value, as in {name}={known[name].default}")
        found[name] = known[name].parse(value)
    return found
