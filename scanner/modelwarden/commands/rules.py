"""`modelwarden rules`: the catalogue."""

import click

from modelwarden.commands.plugged import plugged
from modelwarden.domain.nearest import nearest
from modelwarden.errors import UserError
from modelwarden.policies import CATALOGUE
from modelwarden.reports import stdout
from modelwarden.reports.reference import rule_table, rule_text
from modelwarden.reports.visible import visible


@click.command("rules")
@click.argument("rule_id", required=False, metavar="[ID]")
@plugged
def command(rule_id: str | None) -> int:
    """List the rules, or show all that is known about one."""
    if rule_id is None:
        stdout.show(rule_table(CATALOGUE.values()))
        return 0
    ids = {rule.name: rule.id for rule in CATALOGUE.values()} | {id_.lower(): id_ for id_ in CATALOGUE}
    wanted = rule_id.lower()
    if wanted not in ids:
        raise UserError(f"no rule {visible(rule_id)}. Did you mean {ids[nearest(wanted, ids)]}?")
    stdout.show(rule_text(CATALOGUE[ids[wanted]]))
    return 0
