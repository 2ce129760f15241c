"""The rules: what each one means, and the question it asks of a fact.

`POLICIES` judge facts; `CATALOGUE` holds every rule, those of the scan itself (9xx) included, by id. To add a rule write a file
of its name with `RULE`, `_judge` and `POLICY`, and add its line here.
"""

from modelwarden.domain.policy import Policy
from modelwarden.domain.rule import Rule
from modelwarden.policies import (
    attribute_chain,
    broken_stream_after_call,
    code_object,
    content_absent,
    dangerous_call,
    dangerous_import,
    duplicate_member,
    embedded_pickle,
    extension_code,
    format_mismatch,
    function_by_value,
    header_disagreement,
    header_expression,
    import_trampoline,
    legacy_loader,
    limit_reached,
    malformed,
    nested_loader,
    not_inspected,
    object_array,
    object_patching,
    persistent_id,
    polyglot,
    reader_failed,
    results_capped,
    scanner_tampering,
    stream_confusion,
    torchscript_io,
    unknown_call,
    unknown_import,
    unresolvable_import,
    wrapper_abuse,
)
from modelwarden.policies.tables import harmless, stateful

POLICIES: tuple[Policy, ...] = (
    dangerous_call.POLICY,
    dangerous_import.POLICY,
    import_trampoline.POLICY,
    nested_loader.POLICY,
    code_object.POLICY,
    unresolvable_import.POLICY,
    object_patching.POLICY,
    attribute_chain.POLICY,
    unknown_call.POLICY,
    unknown_import.POLICY,
    function_by_value.POLICY,
    extension_code.POLICY,
    persistent_id.POLICY,
    scanner_tampering.POLICY,
    torchscript_io.POLICY,
    header_disagreement.POLICY,
    duplicate_member.POLICY,
    polyglot.POLICY,
    format_mismatch.POLICY,
    embedded_pickle.POLICY,
    broken_stream_after_call.POLICY,
    stream_confusion.POLICY,
    header_expression.POLICY,
    legacy_loader.POLICY,
    object_array.POLICY,
    wrapper_abuse.POLICY,
)

_COVERAGE: tuple[Rule, ...] = (
    not_inspected.RULE,
    limit_reached.RULE,
    content_absent.RULE,
    malformed.RULE,
    reader_failed.RULE,
    results_capped.RULE,
)

CATALOGUE: dict[str, Rule] = {
    rule.id: rule
    for rule in sorted((*(policy.rule for policy in POLICIES), *_COVERAGE), key=lambda rule: rule.id)
}

HARMLESS: frozenset[tuple[str, str]] = harmless.spellings()
"""Callables that are harmless whatever their arguments, as (module, name) in every spelling a file may use."""

STATEFUL: frozenset[tuple[str, str]] = frozenset(stateful.TABLE)
"""Classes of whose instances a reader reports the state, as (module, name): it decides what runs."""
