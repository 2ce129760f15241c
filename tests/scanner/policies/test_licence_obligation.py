"""MW504: licences with duties are told, as information; ordinary ones and the user's choice among several are not."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Name, Property
from modelwarden.domain.severity import Severity
from modelwarden.policies.licence_obligation import POLICY, RULE
from modelwarden.policies.tables.licences import obligation

SPAN = Span(0)
ORDINARY = (
    "mit", "apache-2.0", "Apache License 2.0", "bsd-3-clause", "bsl-1.0", "cc0-1.0", "cc-by-4.0", "lgpl-3.0", "LGPL-2.1-only",
    "isc", "unlicense", "wtfpl", "mpl-2.0", "odc-by", "cdla-permissive-2.0", "other", "unknown", "", "afl-3.0",
    "MIT OR GPL-3.0-only", "(GPL-2.0-or-later OR Apache-2.0) AND MIT", "ecl-2.0", "zlib", "postgresql",
)  # fmt: skip
OBLIGING = {
    "agpl-3.0": "network copyleft",
    "AGPL-3.0-or-later": "network copyleft",
    "GNU AGPL v3": "network copyleft",
    "gpl-3.0": "copyleft",
    "GPL-2.0-only WITH Classpath-exception-2.0": "copyleft",
    "MIT AND GPL-3.0-only": "copyleft",
    "GPL-3.0-only AND (MIT OR Apache-2.0)": "copyleft",
    "cc-by-sa-4.0": "copyleft",
    "cc-by-nc-4.0": "non-commercial",
    "CC-BY-NC-SA-3.0": "non-commercial",
    "LicenseRef-Acme-Non-Commercial": "non-commercial",
    "cc-by-nd-4.0": "no derivatives",
    "mrl": "research only",
    "Mistral AI Research License": "research only",
    "openrail": "restricted use",
    "creativeml-openrail-m": "restricted use",
    "CreativeML Open RAIL-M": "restricted use",
    "bigscience-bloom-rail-1.0": "restricted use",
    "llama3.1": "restricted use",
    "Meta Llama 3 Community License": "restricted use",
    "gemma": "restricted use",
    "proprietary": "no licence",
}


@pytest.mark.parametrize("licence", ORDINARY)
def test_ordinary_licences_are_silent(licence: str) -> None:
    assert POLICY.judge(Property("licence", licence, SPAN)) is None


@pytest.mark.parametrize("key", ["licence-name", "framework", "copyright", "metadata"])
def test_other_properties_are_silent(key: str) -> None:
    assert POLICY.judge(Property(key, "agpl-3.0", SPAN)) is None
    assert POLICY.judge(Name("agpl-3.0", "license", SPAN)) is None


@pytest.mark.parametrize(("licence", "kind"), OBLIGING.items())
def test_licences_with_duties_are_told(licence: str, kind: str) -> None:
    judgement = POLICY.judge(Property("licence", licence, SPAN))
    assert judgement is not None
    assert (judgement.family, judgement.subject) == (kind, licence)
    assert licence in judgement.message


def test_a_dataset_without_a_licence_is_told() -> None:
    judgement = POLICY.judge(Property("licence-missing", "dataset", SPAN))
    assert judgement is not None
    assert judgement.family == "no licence"


def test_it_is_information_and_never_more() -> None:
    assert RULE.severity is Severity.INFO


@pytest.mark.parametrize(
    "text", ["(" * 100_000, "A AND " * 100_000, "gpl OR" * 50_000, ") or ( and with", "x" * 1_000_000]
)
def test_hostile_expressions_end(text: str) -> None:
    assert isinstance(obligation(text), str)
