"""MW205: operators that compute or read what belongs to the model, then those that read files."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Import, Observation, Operator
from modelwarden.domain.value import Global
from modelwarden.policies.file_read_operator import POLICY

SPAN = Span(0, 1)


def of(name: str, argument: str = "", domain: str = "tensorflow") -> Operator:
    return Operator(domain, name, 'node "n"', SPAN, argument)


@pytest.mark.parametrize(
    "fact",
    [
        of("Const", "ReadFile"),
        of("InitializeTableFromTextFileV2"),
        of("InitializeTableFromTextFileV2", "/home/me/words.txt"),
        of("RestoreV2"),
        of("AssetPath"),
        of("TFRecordDataset"),
        of("TextLineDataset"),
        of("TFRecordReaderV2"),
        of("FixedUnigramCandidateSampler"),
        of("ReadVariableOp"),
        of("WriteFile", "/tmp/x"),
        of("ReadFile", "/etc/passwd", "tflite"),
        Import(Global("tensorflow.io", "read_file"), SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_computes_or_belongs_to_the_model(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    "fact",
    [
        of("ReadFile"),
        of("ReadFile", "/etc/passwd"),
        of("ReadFile", domain="tensorflow.function"),
        of("MatchingFiles", "/home/*"),
        of("ImmutableConst", "/etc/passwd"),
        of("WholeFileReaderV2"),
        of("TextLineDataset", "/etc/passwd"),
        of("FixedLengthRecordDatasetV2", "x"),
        of("FixedUnigramCandidateSampler", "words.txt"),
    ],
    ids=str,
)
def test_reports_what_reads(fact: Operator) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == f"tensorflow::{fact.name}"
    assert fact.argument in judgement.argument
