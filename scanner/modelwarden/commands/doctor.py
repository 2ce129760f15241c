"""`modelwarden doctor`: whether every reader can do its work here, and what to do where it cannot."""

from importlib import import_module

import click

from modelwarden.domain.record import record
from modelwarden.formats import INDEX
from modelwarden.reports import stdout
from modelwarden.reports.lines import Line, Part, Style, line
from modelwarden.reports.visible import visible

_INCOMPLETE = 2


@record
class Need:
    """`modules`: any one of them will do. `remedy`: how to get it."""

    modules: tuple[str, ...]
    formats: tuple[str, ...]
    remedy: str


_REINSTALL = "reinstall modelwarden: it needs it"
_PYTHON = "use a Python that was built with it"
NEEDS = (
    Need(("h5py",), ("hdf5", "keras"), _REINSTALL),
    Need(("jinja2",), ("jinja", "gguf", "json", "yaml", "toml"), _REINSTALL),
    Need(("yaml",), ("yaml",), _REINSTALL),
    Need(("compression.zstd", "zstandard"), ("zstd", "zip", "seven-zip", "orbax", "zarr"), "pip install 'modelwarden[archives]'"),
    Need(("bz2",), ("bzip2", "seven-zip", "zip"), _PYTHON),
    Need(("lzma",), ("xz", "lzma", "seven-zip", "zip"), _PYTHON),
)  # fmt: skip


@click.command("doctor")
@click.option("--show-failed", is_flag=True, help="Show only readers that cannot do all of their work.")
def command(show_failed: bool) -> int:
    """Check that every reader can do its work here. Exit code 2: some cannot."""
    lacking = {need: reason for need in NEEDS if (reason := _lacks(need))}
    broken: dict[str, str] = {}
    lines: list[Line] = []
    width = max(len(entry.name) for entry in INDEX)
    for entry in INDEX:
        reasons = [reason for need, reason in lacking.items() if entry.name in need.formats]
        if reasons:
            broken[entry.name] = "; ".join(reasons)
            lines.append(_line(entry.name, width, Part("degraded", Style.WARNING), broken[entry.name]))
        elif not show_failed:
            lines.append(_line(entry.name, width, Part("full", Style.GOOD), ""))
    told = (
        f"{len(broken)} of {len(INDEX)} readers are degraded"
        if broken
        else f"all {len(INDEX)} readers are whole"
    )
    stdout.show([*lines, line(Part(told, Style.STRONG))])
    return _INCOMPLETE if broken else 0


def _line(name: str, width: int, state: Part, reason: str) -> Line:
    return line(state, f"  {reason}" if reason else "", label=f"{name:<{width}}  ")


def _lacks(need: Need) -> str:
    """Why none of the modules can be used, with the remedy; empty when one can."""
    reasons = []
    for module in need.modules:
        try:
            import_module(module)
        except ImportError as error:
            reasons.append(f"{module} cannot be imported ({visible(str(error))})")
        else:
            return ""
    return f"{reasons[-1]}: {need.remedy}"
