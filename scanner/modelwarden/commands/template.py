"""`modelwarden.toml` with every setting as a comment, made from the options of `scan`, the rules and the limits.

Each line that starts with `#` and a key can be uncommented as it is; nothing holds until it is.
"""

import textwrap
from collections.abc import Iterator

import click

from modelwarden.commands.configured import FILES, NAMED
from modelwarden.commands.scan import command as scan
from modelwarden.domain.limits import BYTES, LIMITS, Limit
from modelwarden.domain.size import LARGEST, show_size
from modelwarden.formats import INDEX as FORMATS
from modelwarden.policies import CATALOGUE

WIDTH = 100
EXAMPLES = {
    "baseline": '"known.json"',
    "blacklist": '["deepseek"]',
    "category": '"models"',
    "changed-since": '"origin/main"',
    "exclude": '["third_party/*", "*.bak"]',
    "format": '["text"]',
    "jobs": "4",
    "known-bad": '"known-bad.txt"',
    "max-file-size": '"20GiB"',
    "max-memory": '"4GiB"',
    "max-total-size": '"100GiB"',
    "min-severity": '"info"',
    "reporting-format": '"console"',
}
"""For options without a default: a value that they take."""
_TABLES = frozenset({"severity", "allow", "deny", "without-format", "suffix", "limit"})
"""Options that have a table in the file."""


def template() -> str:
    """The text of the file."""
    return "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    yield "# Settings of modelwarden. Nothing here holds until its # is taken away; what stands here then are the defaults, or"
    yield "# examples where there is none. A flag wins over the variable MODELWARDEN_<NAME>, and that over this file."
    yield "# modelwarden config show tells what is in force."
    yield from _comment(
        f"What writes files or loads code ({', '.join(sorted(NAMED))}, and format with a file) may stand only in a file that "
        "--config names."
    )
    for name, option in settings().items():
        yield ""
        yield from _comment(" ".join((option.help or "").split("  [default")[0].split()))
        yield f"# {name} = {value(name, option)}"
    yield "\n# What you accept. At least one of rule, path, subject, sha256; a reason; and a date, if it is to end."
    yield "# [[ignore]]"
    yield '# rule = "MW109"\n# path = "models/legacy/*.pkl"\n# reason = "rebuilt by our own package, reviewed in #42"'
    yield "# expires = 2099-01-31"
    yield "\n# Rules and the severity they have here: critical, warning, info, debug."
    yield "# [severity]"
    for rule in CATALOGUE.values():
        if not rule.id.startswith("MW9"):
            yield f'# {rule.id} = "{rule.severity.name.lower()}"  # {rule.name}'
    yield "\n# Globals that nobody has to know, and such that no model may use, =LEVEL if that is not critical."
    yield "# [globals]"
    yield '# allow = ["mypkg.layers.*"]\n# deny = ["torch.hub.*", "webbrowser.*=warning", "tensorflow:ReadFile=info"]'
    yield "\n# Formats that are not read. There are"
    yield from _comment(", ".join(entry.name for entry in FORMATS))
    yield "# [formats]\n# off = []"
    yield "\n# Suffixes of your own, and the format of such files."
    yield '# [suffixes]\n# ".mdl" = "pickle"'
    yield "\n# What scanning one file may cost."
    yield "# [limits]"
    for limit in LIMITS:
        if limit.default < LARGEST:
            yield f"# {limit.name} = {_written(limit)}  # {limit.unit}"


def _written(limit: Limit) -> str:
    return f'"{show_size(limit.default).replace(" ", "")}"' if limit.unit == BYTES else str(limit.default)


def settings() -> dict[str, click.Option]:
    """The options that are keys of the file, without those that have a table."""
    return {name: option for name, option in scan.settable().items() if name not in FILES | NAMED | _TABLES}


def value(name: str, option: click.Option) -> str:
    """What stands behind the key: the default, or an example."""
    if name in EXAMPLES:
        return EXAMPLES[name]
    if option.is_flag:
        return "true" if option.default is True else "false"
    match option.default:
        case int(default) | float(default):
            return str(default)
        case str(default):
            return f'"{default}"'
    return "[]"


def _comment(text: str) -> Iterator[str]:
    for row in textwrap.wrap(text, WIDTH):
        yield f"# {row}"
