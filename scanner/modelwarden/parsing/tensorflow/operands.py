"""Which input or attribute of an operator holds files and addresses. Source: the op registry of TensorFlow 2.21."""

from typing import Final

_READ_INPUTS: Final[dict[str, int]] = {
    "ReadFile": 0, "MatchingFiles": 0, "MatchingFilesDataset": 0, "ExperimentalMatchingFilesDataset": 0,
    "TextLineDataset": 0, "FixedLengthRecordDataset": 0, "FixedLengthRecordDatasetV2": 0,
    "TFRecordDataset": 0, "TFRecordDatasetV2": 0, "CSVDataset": 0, "CSVDatasetV2": 0, "ExperimentalCSVDataset": 0,
    "LMDBDataset": 0, "ExperimentalLMDBDataset": 0, "LoadDataset": 0, "SnapshotDatasetReader": 0,
    "InitializeTableFromTextFile": 1, "InitializeTableFromTextFileV2": 1,
}  # fmt: skip

_WRITE_INPUTS: Final[dict[str, int]] = {
    "WriteFile": 0, "SaveDataset": 1, "SaveDatasetV2": 1, "SnapshotDataset": 1, "SnapshotDatasetV2": 1,
    "CacheDataset": 1, "CacheDatasetV2": 1, "DatasetToTFRecord": 1, "ExperimentalDatasetToTFRecord": 1,
    "DistributedSave": 1, "Save": 0, "SaveSlices": 0, "SaveV2": 0, "CreateSummaryDbWriter": 1,
}  # fmt: skip

_READ_ATTRIBUTES: Final[dict[str, str]] = {
    "ImmutableConst": "memory_region_name",
    "FixedUnigramCandidateSampler": "vocab_file",
    "RecordInput": "file_pattern",
    "Skipgram": "filename",
}

_WRITE_ATTRIBUTES: Final[dict[str, str]] = {
    "PrintV2": "output_stream",
    "DebugIdentity": "debug_urls",
    "DebugIdentityV2": "debug_urls",
    "DebugIdentityV3": "debug_urls",
    "DebugNanCount": "debug_urls",
    "DebugNumericSummary": "debug_urls",
    "DebugNumericSummaryV2": "debug_urls",
    "DumpTensor": "log_dir_path",
    "CalibrationStatisticsSaver": "output_file_path",
}

INPUTS: Final = _READ_INPUTS | _WRITE_INPUTS
"""Operator -> the position of its input that holds file names."""
ATTRIBUTES: Final = _READ_ATTRIBUTES | _WRITE_ATTRIBUTES
"""Operator -> its attribute that holds file names or addresses."""
READERS: Final = frozenset((*_READ_INPUTS, *_READ_ATTRIBUTES))
"""Those that read what they are given: a file named outright is an input of the model."""

PASSING: Final = frozenset(
    "Identity IdentityN ShardedFilename StringJoin PlaceholderWithDefault Reshape ExpandDims Squeeze Pack ConcatV2 StopGradient "
    "EnsureShape Snapshot".split()
)
"""Operators of which the result begins as their first input does."""

GRAPH_INPUTS: Final[dict[str, int]] = {"DatasetFromGraph": 0}
"""Operator -> the position of its input that holds a serialised graph, which it runs."""
GRAPH_ATTRIBUTES: Final[dict[str, str]] = {"TRTEngineOp": "serialized_segment"}
"""Operator -> its attribute that holds a serialised graph, which it runs."""
