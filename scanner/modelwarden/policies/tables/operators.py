"""Operators of graphs that reach files or call Python, and the domains whose operators compute.

Sources: the op registry of TensorFlow 2.21, `tensorflow/python/ops/script_ops.py`, `tensorflow/core/kernels/logging_ops.cc`,
`tensorflow/core/kernels/debug_ops.h`; of ONNX the operators' document, `onnxruntime-extensions` (`PyOp`),
`onnxruntime/orttraining` (`PythonOp`).
"""

from typing import Final

TENSORFLOW: Final = frozenset(("tensorflow", "tensorflow.function"))
"""Domains of TensorFlow's operators; the second is of functions that bear an operator's name, whichever a runtime takes."""

PYTHON: Final = frozenset(("PyFunc", "PyFuncStateless", "EagerPyFunc"))
"""TensorFlow's operators that call a Python function which the process has registered under a token."""

ONNX_PYTHON: Final = frozenset(("PyOp", "PythonOp", "PythonOpGrad"))
"""The same of ONNX Runtime, in its own domains."""
ONNX_PYTHON_DOMAINS: Final = frozenset(("ai.onnx.contrib", "com.microsoft", "com.microsoft.extensions"))

WRITES: Final[dict[str, str]] = {
    "WriteFile": "writes a file",
    "SaveDataset": "writes files",
    "SaveDatasetV2": "writes files",
    "SnapshotDataset": "writes files",
    "SnapshotDatasetV2": "writes files",
    "DatasetToTFRecord": "writes a file",
    "ExperimentalDatasetToTFRecord": "writes a file",
    "DistributedSave": "writes files",
    "DumpTensor": "writes tensors to files",
    "CreateSummaryDbWriter": "writes a database file",
}
"""Operator -> what it does, whatever it is given."""

WRITES_WHERE_TOLD: Final[dict[str, str]] = {
    "CacheDataset": "writes a cache to the files that it names",
    "CacheDatasetV2": "writes a cache to the files that it names",
    "CalibrationStatisticsSaver": "writes the file that it names",
    "DebugIdentity": "sends tensors to the address that it names",
    "DebugIdentityV2": "sends tensors to the address that it names",
    "DebugIdentityV3": "sends tensors to the address that it names",
    "DebugNanCount": "sends tensors to the address that it names",
    "DebugNumericSummary": "sends tensors to the address that it names",
    "DebugNumericSummaryV2": "sends tensors to the address that it names",
}
"""Operator -> what it does when it is given a constant file or address; without one it computes, or keeps things in memory."""

WRITES_ELSEWHERE: Final[dict[str, str]] = {
    "Save": "writes a file",
    "SaveSlices": "writes a file",
    "SaveV2": "writes files",
}
"""Operator -> what it does with an absolute path. With any other, or one that the caller gives, it saves checkpoints: every
SavedModel holds it."""

PRINTS: Final = "PrintV2"
PRINTS_TO_FILE: Final = "file://"

READS: Final[dict[str, str]] = {
    "ReadFile": "reads a file",
    "MatchingFiles": "lists files",
    "MatchingFilesDataset": "lists files",
    "ExperimentalMatchingFilesDataset": "lists files",
    "ImmutableConst": "maps a file into memory",
    "WholeFileReader": "reads whole files",
    "WholeFileReaderV2": "reads whole files",
    "TextLineReader": "reads files",
    "TextLineReaderV2": "reads files",
    "FixedLengthRecordReader": "reads files",
    "FixedLengthRecordReaderV2": "reads files",
}
"""Operator -> what it does, whatever it is given."""

READS_WHERE_TOLD: Final[dict[str, str]] = {
    "TextLineDataset": "reads the files that it names",
    "FixedLengthRecordDataset": "reads the files that it names",
    "FixedLengthRecordDatasetV2": "reads the files that it names",
    "TFRecordDataset": "reads the files that it names",
    "TFRecordDatasetV2": "reads the files that it names",
    "CSVDataset": "reads the files that it names",
    "CSVDatasetV2": "reads the files that it names",
    "ExperimentalCSVDataset": "reads the files that it names",
    "LMDBDataset": "reads the files that it names",
    "ExperimentalLMDBDataset": "reads the files that it names",
    "LoadDataset": "reads the files that it names",
    "SnapshotDatasetReader": "reads the files that it names",
    "RecordInput": "reads the files that it names",
    "FixedUnigramCandidateSampler": "reads the vocabulary that it names",
    "Skipgram": "reads the file that it names",
}
"""Operator -> what it does when it is given a constant file."""

KNOWN_DOMAINS: Final = frozenset(
    "ai.onnx ai.onnx.ml ai.onnx.training ai.onnx.preview ai.onnx.preview.training ai.onnx.contrib com.microsoft "
    "com.microsoft.extensions com.microsoft.nchwc com.microsoft.dml com.microsoft.experimental com.ms.internal.nhwc "
    "org.pytorch.aten pkg.torch tensorflow.function".split()
) | {""}
"""Domains whose operators compute, or are judged by name above."""
KNOWN_DOMAIN_PREFIXES: Final = ("pkg.onnxscript", "pkg.transformers", "pkg.torch.", "pkg.timm")
"""Functions that exporters write into the model itself."""

JUDGED_ELSEWHERE: Final = frozenset(
    "aten prim prims quantized torch torchvision torchaudio c10d symm_mem rpc dist_rpc annotation debugprims "
    "quantized_decomposed inductor profiler sparse mkldnn mkldnn_prepacked prepacked xnnpack vulkan metal fb onnx "
    "static_runtime cuda torch.classes debug_mode_ops export inductor_prims mkl onednn quantization rngprims "
    "_c10d_functional _c10d_functional_autograd _dtensor _native _quantized _test".split()
)
"""Domains of TorchScript, of which another rule speaks."""

LITE_CUSTOM: Final = frozenset(
    "TFLite_Detection_PostProcess Convolution2DTransposeBias MaxPoolingWithArgmax2D MaxUnpooling2D AudioSpectrogram Mfcc "
    "Mel_Filter_Bank HashtableV2 edgetpu-custom-op Multinomial RandomStandardNormal RandomUniform Rfft2d Irfft2d Unpool2D "
    "TransformLandmarks TransformTensorBilinear Landmarks2TransformMatrix PERCEPTION_Roi_To_Transform_Matrix "
    "NumericVerify ethos-u READ_VARIABLE ASSIGN_VARIABLE VAR_HANDLE TFSentencepieceTokenizeOp TFSentencepieceDetokenizeOp "
    "SignatureDef SIGN ABS DELEGATE Unidirectional_Sequence_GRU UnidirectionalSequenceGru WhitespaceTokenizer Ngrams "
    "RaggedTensorToTensor RaggedRange CumSum Cumsum".split()
)
"""Custom operators of TensorFlow Lite that its own libraries, MediaPipe and accelerators' compilers bring."""

TENSORFLOW_EXTENSIONS: Final = (
    "SimpleML", "TFText>", "Addons>", "Sentencepiece", "Wordpiece", "TFA>", "TfText", "IO>", "Horovod", "TRTEngineOp", "Tpu",
    "TPU", "WhitespaceTokenize", "UnicodeScript", "NormalizeUTF8", "CaseFoldUTF8", "WordpieceTokenize", "SplitMerge", "Ngrams",
    "Rouge", "RaggedTensorTo", "MaxSpanningTree", "MklNative",
)  # fmt: skip
"""How the operators of well-known extensions of TensorFlow begin: decision forests, text, addons, TensorRT."""
