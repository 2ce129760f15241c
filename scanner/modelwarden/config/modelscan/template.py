"""`modelscan-settings.toml` as ModelScan would write it, to be changed by hand."""

from collections.abc import Iterable, Iterator

from modelwarden.config.modelscan import defaults

_HEAD = """\
# Settings in ModelScan's form, with its defaults. modelwarden reads this file from the current directory, or with
# --settings-file. What it says beyond the defaults is mapped; what cannot be mapped is told on stderr.
# modelwarden.toml can say more: modelwarden create-settings-file
"""


def template() -> str:
    """The file's text."""
    return "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    yield _HEAD
    yield f'modelscan_version = "{defaults.VERSION}"'
    yield f"supported_zip_extensions = {_list(defaults.ARCHIVES)}"
    for scanner, suffixes in defaults.SCANNERS.items():
        yield f'\n[scanners."{defaults.PACKAGE}{scanner}"]'
        yield "enabled = true"
        yield f"supported_extensions = {_list(suffixes)}"
        if scanner in defaults.RISKY:
            key, operators = defaults.RISKY[scanner]
            yield f'\n[scanners."{defaults.PACKAGE}{scanner}".{key}]'
            yield from (f'{name} = "{severity}"' for name, severity in operators.items())
    yield f'\n[middlewares."{defaults.MIDDLEWARE}".formats]'
    for kind, scanner in defaults.KINDS.items():
        yield f"{kind} = {_list(defaults.SCANNERS[scanner])}"
    for severity, modules in defaults.GLOBALS.items():
        yield f"\n[unsafe_globals.{severity}]"
        for module, names in modules.items():
            yield f'"{module}" = {_names(names)}'
    yield "\n[reporting]"
    yield f'module = "{defaults.CONSOLE}"'
    yield "\n[reporting.settings]"


def _names(names: tuple[str, ...]) -> str:
    return '"*"' if names == ("*",) else _list(names)


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(f'{text!r}' for text in texts)}]".replace("'", '"')
