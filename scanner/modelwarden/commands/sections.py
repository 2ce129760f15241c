"""Help in sections, and short: the options most people need; `--help-all` shows every one."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

EXAMPLES = """\b
Examples:
  modelwarden scan models/                                  text on the screen
  modelwarden scan models/ -f text -f sarif:models.sarif    and a report for code scanning
  modelwarden scan model.pt --fail-on critical              warnings do not fail the build
  modelwarden scan . --baseline known.json                  only what is new counts
"""


WHOLE = "modelwarden.help_all"
"""Set in a context's `meta` when its help is to show every option."""


class Sectioned(click.Command):
    """`sections`: title → options by their long spelling; `-name` instead of `--name` is shown by `--help-all` only."""

    def __init__(self, *arguments: Any, sections: Mapping[str, Sequence[str]], **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.sections = sections
        every = click.Option(
            ["--help-all"], is_flag=True, is_eager=True, expose_value=False, callback=_show_all,
            help="Show every option and exit.",
        )  # fmt: skip
        self.params.append(every)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        whole = bool(ctx.meta.get(WHOLE))
        records = {
            spelling: record
            for parameter in self.get_params(ctx)
            if (record := parameter.get_help_record(ctx)) is not None
            for spelling in parameter.opts
        }
        for title, names in self.sections.items():
            shown = [records[f"--{name.lstrip('-')}"] for name in names if whole or name.startswith("--")]
            if shown:
                with formatter.section(title):
                    formatter.write_dl(shown)


def _show_all(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        context.meta[WHOLE] = True
        click.echo(context.get_help(), color=context.color)
        context.exit()
