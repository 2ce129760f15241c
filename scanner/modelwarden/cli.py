"""Argv in, exit code out.

There are three outcomes: a report; a user error, told in one line on stderr (exit code 4); and a bug of ours, told with a
traceback and where to report it (exit code 2). stdout holds only the report.
"""

from collections.abc import Sequence
from importlib import import_module

import click

from modelwarden import __version__
from modelwarden.commands.epilog import EXIT_CODES
from modelwarden.errors import UserError
from modelwarden.reports.visible import MESSAGE, visible

ISSUES = "https://github.com/modelwarden/modelwarden/issues"
USAGE_ERROR = 4
OUR_BUG = 2
INTERRUPTED = 130

COMMANDS = {
    "scan": "Scan files and directories. Nothing is loaded, run or unpacked.",
    "upload": "Deliver a SARIF report to GitHub code scanning.",
    "config": "Show the settings that are in force.",
    "create-settings-file": "Write a settings file that names every setting and changes none.",
    "doctor": "Check that every reader can do its work here. Exit code 2: some cannot.",
    "metadata": "Show what the headers of files say: versions, tensors, licences. Nothing is loaded.",
    "rules": "List the rules, or show all that is known about one.",
    "explain": "Explain a rule, or a finding by its fingerprint.",
    "disasm": "Write out a pickle: its opcodes, what the stack holds, what would be imported and called.",
    "formats": "List the formats that are read.",
    "cache": "Show or clear the results that `scan --cache-dir` keeps.",
}
"""Each is a module in `commands/`, with its `command`; only the one that runs is loaded. In the order of the help."""


class _Commands(click.Group):
    """`modelwarden PATH…` is `modelwarden scan PATH…`; a path named like a command needs the long form."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.resilient_parsing and not args:  # the shell asks what may come
            return super().parse_args(ctx, args)
        if not args:
            raise click.UsageError("no PATH given.", ctx)
        own = {option for parameter in self.get_params(ctx) for option in parameter.opts}
        if args[0] not in own | COMMANDS.keys():
            args.insert(0, "scan")
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"modelwarden.commands.{cmd_name.replace('-', '_')}").command
        return found


@click.group(
    cls=_Commands,
    epilog=EXIT_CODES,
    subcommand_metavar="PATH… | COMMAND",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="modelwarden", message="%(prog)s %(version)s")
def cli() -> None:
    """Scan machine-learning model files before anybody loads them.

    `modelwarden PATH…` is short for `modelwarden scan PATH…`.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (default: the process's own) and return its exit code."""
    try:
        # Unexpanded on Windows, too: a hook is given names, and a file may be called `[ab].pkl` or `$HOME.pkl`.
        code: int | None = cli.main(
            arguments, prog_name="modelwarden", standalone_mode=False, windows_expand_args=False
        )
    except UserError as error:
        return _complain(str(error), error.exit_code)
    except click.ClickException as error:
        if error.format_message().startswith("Usage:"):  # a group without a command shows its help
            click.echo(error.format_message(), err=True)
            return USAGE_ERROR
        return _complain(_with_help(error), USAGE_ERROR)
    except (click.Abort, KeyboardInterrupt) as error:
        signal = error if isinstance(error, KeyboardInterrupt) else error.__cause__  # click makes it an Abort
        return _complain("interrupted", getattr(signal, "exit_code", INTERRUPTED))
    except Exception:  # noqa: BLE001  the one place where a bug of ours ends: never a bare traceback, never exit code 1
        return _confess()
    return code or 0


def _complain(message: str, code: int) -> int:
    click.echo(f"modelwarden: {visible(message, MESSAGE)}", err=True)
    return code


def _with_help(error: click.ClickException) -> str:
    """The error in one line, and where to read on."""
    message = " ".join(error.format_message().split())
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{message} See '{context.command_path} --help'." if context else message


def _confess() -> int:
    """Print the traceback, harmless (its text may come from a model), and where to take it."""
    import traceback

    for row in traceback.format_exc().splitlines():
        click.echo(visible(row, MESSAGE), err=True)
    click.echo(
        f"modelwarden: this is a bug in modelwarden {__version__}. Nothing it printed or wrote can be relied on.\n"
        f"modelwarden: Please report it with the lines above: {ISSUES}",
        err=True,
    )
    return OUR_BUG
