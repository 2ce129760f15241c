"""Values of options that name rules, formats and globals: understood whole, or refused with what was probably meant."""

import click

from modelwarden.domain.nearest import nearest
from modelwarden.domain.severity import Severity

_LEVELS = {severity.name.lower(): severity for severity in Severity}


def ratings(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, Severity], ...]:
    """`RULE=LEVEL`, a rule by its id or name, as (id, severity)."""
    if not values:
        return ()
    from modelwarden.policies import ADDED, INDEX

    known = [(entry.name, entry.id) for entry in INDEX] + [(one.rule.name, one.rule.id) for one in ADDED]
    names = dict(known) | {id_.lower(): id_ for _, id_ in known}
    found: dict[str, Severity] = {}
    for value in values:
        name, _, level = value.partition("=")
        if name.lower() not in names:
            raise _refused(f"no rule {name!r}", name.lower(), [*names], context, parameter)
        if level.lower() not in _LEVELS:
            raise _refused(f"no severity {level!r}", level.lower(), [*_LEVELS], context, parameter)
        id_ = names[name.lower()]
        if id_.startswith("MW9"):
            raise click.BadParameter(
                f"{id_} is a note of the scan itself and has no severity.", context, parameter
            )
        found[id_] = _LEVELS[level.lower()]
    return tuple(found.items())


def denied(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, Severity | None], ...]:
    """`PATTERN[=LEVEL]` as (pattern, severity)."""
    found: list[tuple[str, Severity | None]] = []
    for value in values:
        pattern, equals, level = value.partition("=")
        if equals and level.lower() not in _LEVELS:
            raise _refused(f"no severity {level!r}", level.lower(), [*_LEVELS], context, parameter)
        found.append((pattern, _LEVELS[level.lower()] if equals else None))
    return tuple(found)


def formats(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Names of formats."""
    return tuple(_format(value, context, parameter) for value in values)


def suffixes(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """`.EXT=FORMAT` as (suffix in lower case, name of the format)."""
    found: dict[str, str] = {}
    for value in values:
        suffix, _, name = value.partition("=")
        if not suffix.startswith(".") or not suffix[1:] or "." in suffix[1:] or "/" in suffix:
            raise click.BadParameter(f"{value!r}: write .ext=format.", context, parameter)
        found[suffix.lower()] = _format(name, context, parameter)
    return tuple(found.items())


def _format(name: str, context: click.Context, parameter: click.Parameter) -> str:
    from modelwarden.formats import ADDED, INDEX

    names = [entry.name for entry in INDEX] + [form.name for form in ADDED]
    if name not in names:
        raise _refused(f"no format {name!r}", name, names, context, parameter)
    return name


def _refused(
    fault: str, given: str, known: list[str], context: click.Context, parameter: click.Parameter
) -> click.BadParameter:
    return click.BadParameter(f"{fault}. Did you mean {nearest(given, known)}?", context, parameter)
