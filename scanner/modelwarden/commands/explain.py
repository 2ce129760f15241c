"""`modelwarden explain`: what a rule means, or what one finding of a report is about and how to look at it."""

import os
import re
from collections.abc import Iterator

import click

from modelwarden.commands.plugged import PLUGINS, plugged
from modelwarden.domain.nearest import nearest
from modelwarden.domain.preview import shorten
from modelwarden.domain.settings import Settings
from modelwarden.engine.scan import scan
from modelwarden.errors import UserError
from modelwarden.policies import CATALOGUE
from modelwarden.reports import stdout
from modelwarden.reports.lines import BLANK, Line, Part, Style, line
from modelwarden.reports.reference import rule_text
from modelwarden.reports.visible import MESSAGE, visible
from modelwarden.triage.identity import identified
from modelwarden.triage.recall import Recalled, is_a_report, recall

_IDENTITY = re.compile(r"[0-9a-f]{6,64}(?::\d+)?")
_HEAD = 4096


@click.command("explain")
@click.argument("what", metavar="RULE|FINGERPRINT")
@click.argument("paths", nargs=-1, metavar="[REPORT|PATH]…")
@plugged
def command(what: str, paths: tuple[str, ...]) -> int:
    """Explain a rule, or a finding by its fingerprint.

    A finding is looked up in a SARIF or JSON report, or in what a scan of PATH finds; the first six digits of its fingerprint are
    enough.
    """
    names = {rule.name: id_ for id_, rule in CATALOGUE.items()} | {id_.lower(): id_ for id_ in CATALOGUE}
    wanted = what.lower()
    if wanted in names:
        stdout.show(rule_text(CATALOGUE[names[wanted]]))
        return 0
    if not _IDENTITY.fullmatch(wanted):
        meant = names[nearest(wanted, names)]
        raise UserError(f"{what} is neither a rule nor a fingerprint. Did you mean {meant}?")
    if not paths:
        raise UserError(
            f"to explain the finding {what}, name the report it stands in, or the file it was found in"
        )
    found = [one for one in _findings(paths) if one.fingerprint.startswith(wanted.partition(":")[0])]
    if not found:
        raise UserError(f"no finding {what} in {', '.join(paths)}")
    stdout.show(_lines(found))
    return 0


def _findings(paths: tuple[str, ...]) -> Iterator[Recalled]:
    settings = Settings(plugins=click.get_current_context().meta.get(PLUGINS, ()))
    for path in paths:
        if _is_report(path):
            yield from recall(path)
            continue
        for one in identified(scan([path], settings)).findings:
            yield Recalled(
                rule=one.rule.id, fingerprint=one.fingerprint, message=one.message, place=str(one.path),
                offset=one.span.offset, argument=one.argument,
            )  # fmt: skip


def _is_report(path: str) -> bool:
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as stream:
            return is_a_report(stream.read(_HEAD))
    except OSError as error:
        raise UserError(f"cannot read {path}: {(error.strerror or '').lower()}") from error


def _lines(found: list[Recalled]) -> Iterator[Line]:
    for number, one in enumerate(found):
        if number:
            yield BLANK
        yield line(Part(visible(one.message, MESSAGE), Style.STRONG))
        place = visible(one.place, MESSAGE)
        yield line(place, label="in    ")
        if one.offset >= 0:
            yield line(f"byte {one.offset:,}", label="at    ")
        if one.argument:
            yield line(visible(shorten(one.argument), MESSAGE), label="with  ")
        yield line(one.fingerprint if one.fingerprint.isalnum() else "", label="id    ")
        if one.offset >= 0:
            yield line(f"modelwarden disasm '{place}'", label="look  ")
        yield BLANK
        if one.rule in CATALOGUE:
            yield from rule_text(CATALOGUE[one.rule])
        else:
            yield line(f"The rule {visible(one.rule)} is not known to this version.")
