"""A command whose options may also come from the environment and from the configuration file.

A flag comes before `MODELWARDEN_<OPTION>`, that before the file, that before the default. click keeps account of which it was.
"""

import os
from collections.abc import Mapping
from typing import Any, NoReturn

import click
from click.core import ParameterSource

from modelwarden.ci import git
from modelwarden.commands.sections import Sectioned
from modelwarden.config.configuration import Configuration, Value, holds, load
from modelwarden.domain.nearest import nearest
from modelwarden.errors import UserError
from modelwarden.reports.visible import visible

PREFIX = "MODELWARDEN_"
FILES = frozenset({"config", "no-config", "settings-file"})
"""Options that say which file: no file can."""
NAMED = frozenset(
    "baseline cache-dir changed-only changed-since known-bad log output outputs path plugin quiet reporter reporting-format sbom "
    "summary write-baseline".split()
)
"""Options that write or read files, load code or keep silent: they hold when `--config` names the file, not when it is merely
met. Somebody else's model repository may be what the current directory is."""
_FOREIGN = "modelscan-settings.toml"
"""Read from the current directory, as ModelScan does; `config/modelscan/` is only imported when there is one."""
_SPOKEN = frozenset({"path", "no-config", "summary", "outputs", "annotations"})
"""Options without a variable: what is given to one run, or to one step of a pipeline."""
_SHELL = frozenset({"PYTHON", "PATHS", "ARGS", "SARIF_FILE", "SUMMARY", "OUTPUTS", "ANNOTATIONS", "COMPILE"})
"""Variables of that prefix which are not the command's but the entry point's."""


class Entries(click.types.StringParamType):
    """Text of an option that may be repeated; its variable holds one entry a line, for names may hold blanks."""

    def split_envvar_value(self, rv: str) -> list[str]:
        return [row.strip("\r") for row in rv.split("\n") if row.strip()]


class Configured(Sectioned):
    """`ctx.obj` is the `Configuration` that was read."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        for name, option in self.settable().items():
            if name not in _SPOKEN:
                option.envvar = PREFIX + name.upper().replace("-", "_")
            if option.multiple and isinstance(option.type, click.types.StringParamType):
                option.type = Entries()

    def settable(self) -> dict[str, click.Option]:
        """Name (the first long spelling, without its hyphens) → option."""
        return {
            next(
                spelling for spelling in (*option.opts, *option.secondary_opts) if spelling.startswith("--")
            )[2:]: option
            for option in self.params
            if isinstance(option, click.Option) and not option.hidden and option.name != "help_all"
        }

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        named = given.get("config_file") or os.environ.get(f"{PREFIX}CONFIG")
        if given.get("no_config"):
            for name in ("config", "settings_file"):
                if given.get("config_file" if name == "config" else name):
                    raise click.UsageError(
                        f"--{name.replace('_', '-')} and --no-config contradict each other.", ctx
                    )
            ctx.obj = Configuration()
        else:
            ctx.obj = load(named, "") if named else _met(given)
            wanted = given.get("settings_file") or os.environ.get(f"{PREFIX}SETTINGS_FILE")
            if wanted or (not named and os.path.isfile(_FOREIGN)):
                from modelwarden.config.modelscan.mapping import foreign, joined

                read = foreign(wanted) if wanted else foreign(_FOREIGN, _scanned(given, ctx.obj))
                ctx.obj = joined(ctx.obj, read)
            ctx.default_map = dict(self._defaults(ctx, ctx.obj))
        self._warn_of_typos()
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as error:
            option = error.param
            source = ctx.get_parameter_source(option.name or "") if option is not None else None
            if source is ParameterSource.ENVIRONMENT and option is not None:
                said = f"{error.message} It stands in the variable {option.envvar}."
                raise click.BadParameter(said, ctx, option) from error
            raise

    def _defaults(self, ctx: click.Context, configuration: Configuration) -> list[tuple[str, Any]]:
        """What the file sets, by click's names. Raises UserError for an unknown name or a value that the option refuses."""
        settable = {name: option for name, option in self.settable().items() if name not in FILES}
        found = []
        # what plug-ins add can be named by all that follow
        for name, value in sorted(configuration.options, key=lambda one: one[0] != "plugin"):
            if name not in settable:
                _refuse(name, value.place, settable)
            found.append((settable[name].name or "", self._checked(ctx, settable[name], name, value)))
        return found

    def _checked(self, ctx: click.Context, option: click.Option, name: str, value: Value) -> Any:
        raw = value.value
        fault = ""
        if option.multiple != isinstance(raw, tuple):
            fault = "a list is expected" if option.multiple else "one value is expected, not a list"
        elif option.is_flag != isinstance(raw, bool):
            fault = (
                "true or false is expected" if option.is_flag else "a value is expected, not true or false"
            )
        if not fault:
            converted: Any = (
                raw if option.is_flag else [str(one) for one in raw] if isinstance(raw, tuple) else str(raw)
            )
            try:
                option.process_value(ctx, converted)
            except click.BadParameter as error:
                fault = " ".join(error.message.split())
            else:
                return converted
        raise UserError(f"{value.place}: {name}: {fault}")

    def _warn_of_typos(self) -> None:
        known = {option.envvar for option in self.settable().values()} | {PREFIX + name for name in _SHELL}
        for variable in sorted(os.environ):
            if variable.startswith(PREFIX) and variable not in known:
                click.echo(
                    f"modelwarden: the variable {visible(variable)} is not known and does nothing", err=True
                )


def _scanned(given: Mapping[str, Any], configuration: Configuration) -> list[str]:
    """The paths that are named on the command line or in the file."""
    value = dict(configuration.options).get("path")
    lists = (given.get("paths"), given.get("more_paths"), value and value.value)
    return [
        str(path) for one in lists if isinstance(one, (list, tuple)) for path in one
    ]  # click: UNSET for none


def _met(given: Mapping[str, Any]) -> Configuration:
    """The file of the project we are in. Outside of any repository nobody can say whose a directory is, so there a file that lies
    in what is scanned is left alone, and that is told."""
    project = git.repository_root(os.curdir)
    found = load(None, project or os.getcwd())
    if not found.file:
        return found
    if not project and holds(_scanned(given, Configuration()), found.file):
        click.echo(
            f"modelwarden: {visible(found.file)} lies in what is scanned and was not read: name it with --config",
            err=True,
        )
        return Configuration()
    _harmless(found)
    return found


def _harmless(configuration: Configuration) -> None:
    """Raises UserError when a file that nobody has named sets what only a named one may."""
    for name, value in configuration.options:
        entries = value.value if isinstance(value.value, tuple) else (value.value,)
        if name in NAMED or (name == "format" and any(":" in str(entry) for entry in entries)):
            raise UserError(f"{value.place}: {name}: only a file that --config names may set this")


def _refuse(name: str, place: str, settable: Mapping[str, click.Option]) -> NoReturn:
    raise UserError(f"{place}: unknown key {name!r}; did you mean {nearest(name, [*settable, 'ignore'])!r}?")
