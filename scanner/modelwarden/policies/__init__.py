"""The rules: what each one means, and the question it asks of a fact.

`INDEX` is the only list of them. Starting must be fast, so a policy and its rule are loaded when there is a fact of a kind that
it judges. `POLICIES` judge facts; `CATALOGUE` holds every rule, those of the scan itself (9xx) included, by id.

To add a rule write a file of its name with `RULE`, `_judge` and `POLICY`, and add its line here, with every kind of fact that
`_judge` looks at; `tests/scanner/policies/test_index.py` holds both together.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from importlib import import_module
from typing import cast

from modelwarden.domain.lazy import LazyContainer, LazyMapping, LazySequence
from modelwarden.domain.observation import (
    Anomaly,
    Call,
    Checksum,
    CodeBlob,
    ExtensionCode,
    Import,
    Mismatch,
    Name,
    Numbers,
    Operator,
    Patch,
    PersistentId,
    Program,
    Property,
    Reference,
    Setting,
    State,
    Template,
    Text,
    UnresolvedImport,
)
from modelwarden.domain.policy import Policy
from modelwarden.domain.record import record
from modelwarden.domain.registry import Registry
from modelwarden.domain.rule import Rule
from modelwarden.policies.tables.harmless import Spellings


@record
class Entry:
    """A rule before it is loaded: the kinds of facts that its policy judges, none for a rule of the scan itself."""

    id: str
    name: str
    judges: tuple[type[object], ...] = ()


INDEX: tuple[Entry, ...] = (
    Entry("MW101", "dangerous-call", (Call,)),
    Entry("MW102", "dangerous-import", (Import, Call)),
    Entry("MW103", "import-trampoline", (Call,)),
    Entry("MW104", "nested-loader", (Call, State)),
    Entry("MW105", "code-object", (Call, CodeBlob)),
    Entry("MW106", "unresolvable-import", (UnresolvedImport,)),
    Entry("MW107", "object-patching", (Patch,)),
    Entry("MW108", "attribute-chain", (Import, Call)),
    Entry("MW109", "unknown-call", (Import, Call)),
    Entry("MW110", "unknown-import", (Import, Call)),
    Entry("MW111", "function-by-value", (CodeBlob,)),
    Entry("MW112", "extension-code", (Import, Call, ExtensionCode)),
    Entry("MW113", "persistent-id", (PersistentId,)),
    Entry("MW115", "scanner-tampering", (Import, Call)),
    Entry("MW201", "lambda-dangerous", (CodeBlob,)),
    Entry("MW202", "lambda-layer", (CodeBlob,)),
    Entry("MW207", "native-library", (Reference,)),
    Entry("MW215", "custom-class", (Call,)),
    Entry("MW216", "unsafe-switch", (Call, Setting)),
    Entry("MW208", "template-injection", (Template,)),
    Entry("MW203", "python-operator", (Operator,)),
    Entry("MW204", "file-write-operator", (Operator,)),
    Entry("MW205", "file-read-operator", (Operator,)),
    Entry("MW206", "custom-operator", (Operator,)),
    Entry("MW209", "torchscript-io", (Operator,)),
    Entry("MW217", "runtime-executable", (Program,)),
    Entry("MW414", "out-of-bounds", (Anomaly,)),
    Entry("MW214", "remote-code-map", (Setting,)),
    Entry("MW301", "path-escape", (Reference,)),
    Entry("MW302", "external-reference", (Reference,)),
    Entry("MW303", "download-on-load", (Reference,)),
    Entry("MW304", "xml-external-entity", (Anomaly,)),
    Entry("MW305", "secret", (Text, Call)),
    Entry("MW306", "network-indicator", (Text, Call)),
    Entry("MW307", "url-reference", (Text,)),
    Entry("MW308", "untrusted-requirement", (Setting,)),
    Entry("MW309", "loader-module", (Setting,)),
    Entry("MW213", "handler-code", (CodeBlob,)),
    Entry("MW401", "archive-path-traversal", (Anomaly,)),
    Entry("MW402", "archive-link-escape", (Anomaly,)),
    Entry("MW403", "decompression-bomb", (Anomaly,)),
    Entry("MW404", "header-disagreement", (Anomaly,)),
    Entry("MW405", "duplicate-member", (Anomaly,)),
    Entry("MW406", "polyglot", (Anomaly,)),
    Entry("MW407", "format-mismatch", (Mismatch,)),
    Entry("MW409", "embedded-pickle", (Anomaly,)),
    Entry("MW411", "broken-stream-after-call", (Anomaly,)),
    Entry("MW412", "stream-confusion", (Anomaly,)),
    Entry("MW415", "header-expression", (Anomaly,)),
    Entry("MW416", "legacy-loader", (Anomaly,)),
    Entry("MW417", "object-array", (Anomaly,)),
    Entry("MW418", "wrapper-abuse", (Anomaly,)),
    Entry("MW210", "embedded-executable", (Program,)),
    Entry("MW211", "embedded-script", (Program,)),
    Entry("MW212", "code-member", (Program,)),
    Entry("MW408", "executable-member", (Program,)),
    Entry("MW410", "trailing-data", (Anomaly, Program)),
    Entry("MW501", "blocked-name", (Name,)),
    Entry("MW502", "known-bad-hash", (Checksum,)),
    Entry("MW504", "licence-obligation", (Property,)),
    Entry("MW507", "weight-anomaly", (Numbers,)),
    Entry("MW508", "denied-global", (Import, Call, Operator)),
    Entry("MW901", "not-inspected"),
    Entry("MW902", "limit-reached"),
    Entry("MW903", "content-absent"),
    Entry("MW904", "malformed"),
    Entry("MW905", "reader-failed"),
    Entry("MW906", "results-capped"),
)


def judges_of(kind: type[object]) -> tuple[Policy, ...]:
    """The policies that judge facts of a kind."""
    return tuple(_policy(entry.name) for entry in INDEX if kind in entry.judges)


def _policy(name: str) -> Policy:
    return cast(Policy, import_module(f"{__name__}.{name.replace('-', '_')}").POLICY)


def _rule(name: str) -> Rule:
    return cast(Rule, import_module(f"{__name__}.{name.replace('-', '_')}").RULE)


def _stateful() -> Container[tuple[str, str]]:
    from modelwarden.policies.tables import stateful

    return stateful.TABLE


POLICIES: Sequence[Policy] = LazySequence((entry.name for entry in INDEX if entry.judges), _policy)
"""In the order in which they are asked."""

ADDED: Registry[Policy] = Registry()
"""Policies of plug-ins by the ids of their rules; they are asked after ours."""


class _Catalogue(Mapping[str, Rule]):
    """Ours, sorted by id, and behind them what plug-ins have added."""

    def __init__(self) -> None:
        ids = sorted((entry.id, entry.name) for entry in INDEX)
        self._ours = LazyMapping(dict(ids), _rule)

    def __len__(self) -> int:
        return len(self._ours) + len(ADDED)

    def __iter__(self) -> Iterator[str]:
        yield from self._ours
        yield from sorted(policy.rule.id for policy in ADDED)

    def __getitem__(self, key: str) -> Rule:
        return ADDED[key].rule if key in ADDED else self._ours[key]


CATALOGUE: Mapping[str, Rule] = _Catalogue()
"""Every rule by its id."""

HARMLESS: Container[tuple[str, str]] = Spellings()
"""Callables that are harmless whatever their arguments, as (module, name) in every spelling a file may use."""

STATEFUL: Container[tuple[str, str]] = LazyContainer(_stateful)
"""Classes of whose instances a reader reports the state, as (module, name): it decides what runs."""
