"""MW206: operators that runtimes bring, then those that they do not."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Import, Observation, Operator
from modelwarden.domain.value import Global
from modelwarden.policies.custom_operator import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Operator("tensorflow", "MatMul", "", SPAN),
        Operator("tensorflow", "WriteFile", "", SPAN),
        Operator("tensorflow", "_FusedMatMul", "", SPAN),
        Operator("tensorflow", "SimpleMLInferenceOpWithHandle", "", SPAN),
        Operator("tensorflow", "WhitespaceTokenizeWithOffsets", "", SPAN),
        Operator("tensorflow.function", "__inference_f", "", SPAN),
        Operator("tflite", "TFLite_Detection_PostProcess", "", SPAN),
        Operator("", "Relu", "", SPAN),
        Operator("ai.onnx", "Relu", "", SPAN),
        Operator("ai.onnx.ml", "TreeEnsemble", "", SPAN),
        Operator("ai.onnx.contrib", "BertTokenizer", "", SPAN),
        Operator("com.microsoft", "FusedMatMul", "", SPAN),
        Operator("com.microsoft.nchwc", "Conv", "", SPAN),
        Operator("pkg.onnxscript.torch_lib", "aten_add", "", SPAN),
        Operator("pkg.onnxscript.torch_lib.common", "Rank", "", SPAN),
        Operator("aten", "relu", "", SPAN),
        Operator("prim", "If", "", SPAN),
        Operator("torch.classes", "quantized.LinearPackedParamsBase", "", SPAN),
        Import(Global("acme", "decrypt"), SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_runtimes_bring(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("domain", "name", "subject"),
    [
        ("tensorflow", "AcmeDecrypt", "tensorflow::AcmeDecrypt"),
        ("tensorflow", "Acme>Decrypt", "tensorflow::Acme>Decrypt"),
        ("tflite", "AcmeDecrypt", "tflite::AcmeDecrypt"),
        ("acme", "Decrypt", "acme"),
        ("ai.onnx.acme", "Decrypt", "ai.onnx.acme"),
    ],
)
def test_reports_what_they_do_not(domain: str, name: str, subject: str) -> None:
    judgement = POLICY.judge(Operator(domain, name, "", SPAN))
    assert judgement is not None
    assert judgement.subject == subject
    assert name in judgement.message
