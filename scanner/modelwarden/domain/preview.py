"""How a value is shown in one line: bounded, raw (reports sanitise), the same on every host."""

from modelwarden.domain.value import Blob, Global, Result, Unknown, Value

PREVIEW_CHARACTERS = 200


def shorten(text: str, limit: int = PREVIEW_CHARACTERS) -> str:
    """`text` of at most `limit` characters, its end replaced by an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def preview(value: Value) -> str:
    """`value` as Python would write it, of at most `PREVIEW_CHARACTERS` characters."""
    return shorten(_written(value))


def preview_arguments(arguments: tuple[Value, ...]) -> str:
    """Arguments as between the parentheses of a call."""
    return shorten(", ".join(map(preview, arguments)))


def elided(shown: str) -> str:
    """The parentheses of a call whose arguments are told elsewhere: reports that travel name the callable, not its payload."""
    return "(…)" if shown else "()"


def _written(value: Value) -> str:
    match value:
        case str():
            escaped = shorten(value).replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case Blob(_, length, start):
            written = repr(start[:PREVIEW_CHARACTERS])
            return written if length <= min(len(start), PREVIEW_CHARACTERS) else f"{written}…"
        case Result(callee, arguments):
            return f"{preview(callee)}({preview_arguments(arguments)})"
        case tuple():
            inner = ", ".join(map(preview, value))
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        case Unknown():
            return value.value
        case Global() | int():
            return str(value)
