"""One catalogue, many mouths: what is listed, named, tested, shown and documented is the same set of rules and formats."""

import importlib
import re
from pathlib import Path

import pytest

from modelwarden import formats, policies
from modelwarden.domain.format import Format
from modelwarden.domain.observation import Shortfall
from modelwarden.domain.policy import Policy
from modelwarden.domain.rule import Rule
from modelwarden.formats import FORMATS
from modelwarden.policies import CATALOGUE, POLICIES

TESTS = Path(__file__).parent
ROOT = TESTS.parent
SAMPLES = TESTS / "corpus" / "malicious"

# These no file shows by itself: a defect of ours, more results than a report takes, and what only an option finds.
NOT_SHOWN_BY_A_FILE = {
    "reader-failed",
    "results-capped",
    "blocked-name",
    "denied-global",
    "known-bad-hash",
    "weight-anomaly",
}

# Ids are for ever: a line here is never changed and never removed.
IDS = {
    "MW101": "dangerous-call",
    "MW102": "dangerous-import",
    "MW103": "import-trampoline",
    "MW104": "nested-loader",
    "MW105": "code-object",
    "MW106": "unresolvable-import",
    "MW107": "object-patching",
    "MW108": "attribute-chain",
    "MW109": "unknown-call",
    "MW110": "unknown-import",
    "MW111": "function-by-value",
    "MW112": "extension-code",
    "MW113": "persistent-id",
    "MW115": "scanner-tampering",
    "MW201": "lambda-dangerous",
    "MW202": "lambda-layer",
    "MW203": "python-operator",
    "MW204": "file-write-operator",
    "MW205": "file-read-operator",
    "MW206": "custom-operator",
    "MW207": "native-library",
    "MW208": "template-injection",
    "MW209": "torchscript-io",
    "MW210": "embedded-executable",
    "MW211": "embedded-script",
    "MW212": "code-member",
    "MW213": "handler-code",
    "MW214": "remote-code-map",
    "MW215": "custom-class",
    "MW216": "unsafe-switch",
    "MW217": "runtime-executable",
    "MW301": "path-escape",
    "MW302": "external-reference",
    "MW303": "download-on-load",
    "MW304": "xml-external-entity",
    "MW305": "secret",
    "MW306": "network-indicator",
    "MW307": "url-reference",
    "MW308": "untrusted-requirement",
    "MW309": "loader-module",
    "MW401": "archive-path-traversal",
    "MW402": "archive-link-escape",
    "MW403": "decompression-bomb",
    "MW404": "header-disagreement",
    "MW405": "duplicate-member",
    "MW406": "polyglot",
    "MW407": "format-mismatch",
    "MW408": "executable-member",
    "MW409": "embedded-pickle",
    "MW410": "trailing-data",
    "MW411": "broken-stream-after-call",
    "MW412": "stream-confusion",
    "MW414": "out-of-bounds",
    "MW415": "header-expression",
    "MW416": "legacy-loader",
    "MW417": "object-array",
    "MW418": "wrapper-abuse",
    "MW501": "blocked-name",
    "MW502": "known-bad-hash",
    "MW504": "licence-obligation",
    "MW507": "weight-anomaly",
    "MW508": "denied-global",
    "MW901": "not-inspected",
    "MW902": "limit-reached",
    "MW903": "content-absent",
    "MW904": "malformed",
    "MW905": "reader-failed",
    "MW906": "results-capped",
}

RULES = list(CATALOGUE.values())
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
each_policy = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.rule.id)
each_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


def modules(package: str) -> set[str]:
    """Names of the modules in a room of the product."""
    folder = ROOT / "scanner" / "modelwarden" / package
    return {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}


def test_the_catalogue_holds_exactly_the_known_ids() -> None:
    assert {rule.id: rule.name for rule in RULES} == IDS


def test_the_catalogue_is_keyed_and_sorted_by_id() -> None:
    assert list(CATALOGUE) == [rule.id for rule in RULES] == sorted(CATALOGUE)


def test_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@each_rule
def test_a_rule_is_well_formed(rule: Rule) -> None:
    assert re.fullmatch(r"MW[123459]\d\d", rule.id)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.summary
    assert "\n" not in rule.summary
    assert len(rule.explanation) > len(rule.summary)
    assert rule.remedy
    assert all(re.match(r"CVE-\d{4}-\d+$|GHSA(-[a-z0-9]{4}){3}$|https://", name) for name in rule.references)


@each_rule
def test_a_rule_is_in_the_changelog(rule: Rule) -> None:
    changelog = " ".join((ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split())
    assert f"{rule.id} {rule.name}" in changelog


@each_rule
def test_a_rule_has_a_sample_that_shows_it(rule: Rule) -> None:
    if rule.name in NOT_SHOWN_BY_A_FILE:
        assert not (SAMPLES / rule.name).exists()
    else:
        assert [path for path in (SAMPLES / rule.name).rglob("*") if path.is_file()]


def test_every_folder_of_samples_names_a_rule() -> None:
    assert {path.name for path in SAMPLES.iterdir()} <= {rule.name for rule in RULES}


@each_policy
def test_a_policy_lives_in_a_file_of_its_name_and_has_a_test_of_that_name(policy: Policy) -> None:
    stem = policy.rule.name.replace("-", "_")
    assert importlib.import_module(f"modelwarden.policies.{stem}").POLICY is policy
    assert (TESTS / "scanner" / "policies" / f"test_{stem}.py").is_file()


def test_every_policy_file_is_registered() -> None:
    registered = {policy.rule.name.replace("-", "_") for policy in POLICIES}
    holding = {
        name
        for name in modules("policies")
        if hasattr(importlib.import_module(f"{policies.__name__}.{name}"), "POLICY")
    }
    assert holding == registered


def test_every_rule_of_a_policy_is_in_the_catalogue_and_judges_no_coverage() -> None:
    assert all(CATALOGUE[policy.rule.id] is policy.rule for policy in POLICIES)
    judged = {policy.rule.id for policy in POLICIES}
    assert {rule.id for rule in RULES if not rule.is_coverage} == judged


def test_every_shortfall_has_its_rule() -> None:
    assert all(CATALOGUE[shortfall].is_coverage for shortfall in Shortfall)


def test_every_format_file_is_registered() -> None:
    assert modules("formats") == {form.name.replace("-", "_") for form in FORMATS}


@each_format
def test_a_format_lives_in_a_file_of_its_name_and_has_a_test_of_that_name(form: Format) -> None:
    stem = form.name.replace("-", "_")
    module = importlib.import_module(f"{formats.__name__}.{stem}")
    assert module.FORMAT is form
    assert module.__doc__
    assert (TESTS / "scanner" / "formats" / f"test_{stem}.py").is_file()


@each_format
def test_a_format_is_well_formed(form: Format) -> None:
    assert all(re.fullmatch(r"\.[a-z0-9_]+", suffix) for suffix in (*form.suffixes, *form.ambiguous_suffixes))
    assert not set(form.suffixes) & set(form.ambiguous_suffixes)
    assert set(form.refines) <= {other.name for other in FORMATS}
    assert form.title


def test_names_of_formats_are_unique() -> None:
    assert len({form.name for form in FORMATS}) == len(FORMATS)
