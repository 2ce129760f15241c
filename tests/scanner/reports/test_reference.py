from typing import TYPE_CHECKING

from modelwarden.domain.format import Format
from modelwarden.domain.severity import Severity
from modelwarden.reports.lines import plain
from modelwarden.reports.reference import format_table, rule_table, rule_text

if TYPE_CHECKING:
    from tests.scanner.conftest import Make


def test_lists_rules_in_columns(make: "Make") -> None:
    rules = [make.RULES[Severity.CRITICAL], make.RULES[Severity.INFO], make.MALFORMED]
    assert plain(rule_table(rules)) == (
        "MW101  critical  dangerous-call  summary of dangerous-call\n"
        "MW110  info      unknown-import  summary of unknown-import\n"
        "MW904  not read  malformed       summary of malformed\n"
    )


def test_tells_all_about_a_rule(make: "Make") -> None:
    assert plain(rule_text(make.RULES[Severity.CRITICAL])) == (
        "MW101 dangerous-call  critical\n"
        "summary of dangerous-call\n"
        "\n"
        "Why  explanation of dangerous-call\n"
        "\n"
        "Fix  remedy of dangerous-call\n"
        "\n"
        "See  CWE-502, CVE-2025-1716\n"
    )


def test_lists_formats_with_shared_suffixes_in_brackets() -> None:
    pickle = Format(
        name="pickle", title="Python pickle", suffixes=(".pkl", ".dill"), ambiguous_suffixes=(".dat",),
        recognise=lambda head: head.size > 0, observe=lambda source, scope: iter(()),
    )  # fmt: skip
    assert plain(format_table([pickle])) == "pickle  Python pickle  .pkl, .dill, (.dat)\n"
