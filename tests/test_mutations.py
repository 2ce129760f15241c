"""Sample models damaged on purpose: no reader fails, none runs away. `make fuzz` tries many more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from modelwarden.domain.format import ByteSource, Fact, Scope
from modelwarden.domain.record import replace
from modelwarden.formats import FORMATS
from tests.fuzz.mutations import mutations, outcomes, samples

SAMPLES = 8
ROUNDS = 6
SECONDS = 10.0
"""Of the processor, for at most twice 64 KiB: far more than the slowest needs, on the slowest machine."""


@pytest.mark.parametrize("form", [form.name for form in FORMATS])
def test_a_damaged_file_is_a_gap_and_never_a_failure(form: str, tmp_path: Path) -> None:
    tried = list(outcomes(form, tmp_path, SAMPLES, ROUNDS))
    assert tried, "no sample of this format"
    assert [outcome.name for outcome in tried if outcome.failures] == []
    assert [outcome.name for outcome in tried if outcome.seconds > SECONDS] == []


def test_the_same_seed_damages_in_the_same_way() -> None:
    first, second = (dict(mutations(b"0123456789" * 9, b"other", 50, "seed")) for _ in range(2))
    assert first == second
    assert first != dict(mutations(b"0123456789" * 9, b"other", 50, "another"))
    assert {name.partition("@")[0] for name in first} >= {
        "flip",
        "random",
        "huge-4",
        "huge-varint",
        "spliced",
    }


def test_a_reader_that_fails_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: ByteSource, scope: Scope) -> Iterator[Fact]:
        raise ValueError(f"{source.size} {scope.name}")

    assert samples()
    broken = tuple(replace(form, observe=fail) if form.name == "npy" else form for form in FORMATS)
    monkeypatch.setattr("modelwarden.engine.identify.candidates", lambda head, expected: broken)
    assert any(outcome.failures for outcome in outcomes("npy", tmp_path, 1, 1))


def test_every_format_has_samples() -> None:
    assert {form.name for form in FORMATS} - samples().keys() == set()
