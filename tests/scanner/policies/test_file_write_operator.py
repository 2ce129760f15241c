"""MW204: operators that compute or save checkpoints, then those that write elsewhere."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Import, Observation, Operator
from modelwarden.domain.value import Global
from modelwarden.policies.file_write_operator import POLICY

SPAN = Span(0, 1)


def of(name: str, argument: str = "", domain: str = "tensorflow") -> Operator:
    return Operator(domain, name, 'node "n"', SPAN, argument)


@pytest.mark.parametrize(
    "fact",
    [
        of("Const", "WriteFile"),
        of("SaveV2"),
        of("SaveV2", "model"),
        of("SaveV2", "checkpoints/model"),
        of("RestoreV2", "/home/me/model"),
        of("ShardedFilename"),
        of("MergeV2Checkpoints"),
        of("PrintV2"),
        of("PrintV2", "stderr"),
        of("PrintV2", "log(info)"),
        of("CacheDataset"),
        of("DebugIdentityV2"),
        of("CreateSummaryFileWriter", "/tmp/logs"),
        of("ReadFile", "/etc/passwd"),
        of("WriteFile", "/tmp/x", "tflite"),
        of("WriteFile", "/tmp/x", "ai.onnx"),
        of("WriteFileLater"),
        Import(Global("tensorflow.io", "write_file"), SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_computes_or_saves(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    "fact",
    [
        of("WriteFile"),
        of("WriteFile", "/tmp/x"),
        of("WriteFile", domain="tensorflow.function"),
        of("PrintV2", "file:///tmp/x"),
        of("SaveV2", "/tmp/x"),
        of("Save", "~/.ssh/authorized_keys"),
        of("SaveSlices", "C:\\x"),
        of("SaveV2", "gs://bucket/x"),
        of("SaveDatasetV2"),
        of("SnapshotDatasetV2"),
        of("DatasetToTFRecord"),
        of("CacheDatasetV2", "/tmp/x"),
        of("DebugIdentityV3", "grpc://host:1"),
        of("DumpTensor"),
    ],
    ids=str,
)
def test_reports_what_writes(fact: Operator) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == f"tensorflow::{fact.name}"
    assert fact.argument in judgement.argument
    assert not fact.argument or fact.argument not in judgement.message
