"""The operators that TorchScript code names, in every spelling that torch 2.13 was seen to accept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.observation import Gap, Operator
from modelwarden.parsing.torchscript import operators

HEAD = b"class A(Module):\n  __parameters__ = []\n  def forward(self: __torch__.A,\n    x: Tensor) -> Tensor:\n    "


def found(code: bytes) -> set[tuple[str, str]]:
    facts = list(operators(code))
    assert all(isinstance(fact, Operator) for fact in facts)
    return {(fact.domain, fact.name) for fact in facts if isinstance(fact, Operator)}


@pytest.mark.parametrize(
    "body",
    [
        b'torch.save(x, "f")',
        b't = torch\n    t.save(x, "f")',
        b's = torch.save\n    s(x, "f")',
        b'a = b = torch\n    b.save(x, "f")',
        b'a = (torch)\n    a.save(x, "f")',
        b'o = ops.aten\n    o.save(x, "f")',
        b'o = ops\n    a = o.aten\n    a.save(x, "f")',
        b'if True:\n      t = torch\n    else:\n      t = torch\n    t.save(x, "f")',
        b'ops.aten.save(x, "f")',
        b'torch . \\\n save(x, "f")',
        b'(torch).save(x, "f")',
        b'((torch)).save(x, "f")',
        b'(torch #c\n    .save)(x, "f")',
        b'getattr(torch, "save")(x, "f")',
        b'getattr(torch, "sa" "ve")(x, "f")',
        b'getattr(torch,("save"))(x, "f")',
        b"getattr(torch, '''save''')(x, \"f\")",
        b'getattr(torch, "\\163ave")(x, "f")',
        b'getattr(getattr(ops,"aten"), "save")(x, "f")',
        b'_0 = fork(torch.save, x, "f")',
        b'x = {"k": [torch.save]}',
        b't : Any = torch\n    t.save(x, "f")',
    ],
)
def test_every_spelling_of_an_operator_is_found(body: bytes) -> None:
    assert ("aten", "save") in found(HEAD + body + b"\n    return x\n")


@pytest.mark.parametrize(
    "body",
    [
        b'_0 = "torch.save(x)"',
        b"_0 = '''\n torch.save(x)\n'''",
        b"# torch.save(x)",
        b'_0 = "\\"" "torch.save"',
        b"x.save(1)",
        b"(self).save(x, )",
        b"__torch__.torch.save(x)",
        b"self.torch.save(x)",
        b"getattr(self, 'save')",
    ],
)
def test_what_is_no_operator_is_not(body: bytes) -> None:
    assert ("aten", "save") not in found(HEAD + body + b"\n    return x\n")


def test_every_domain_is_stated_once_with_the_place_of_its_first_use() -> None:
    code = b"x = torch.relu(x)\ny = torch.relu(x)\nz = ops.acme.run(y)\n"
    facts = [fact for fact in operators(code) if isinstance(fact, Operator)]
    assert [(fact.domain, fact.name, fact.detail) for fact in facts] == [
        ("aten", "relu", "torch.relu"),
        ("acme", "run", "ops.acme.run"),
    ]
    assert code[facts[1].span.offset :][: facts[1].span.length] == b"ops.acme.run"


def test_native_classes_have_a_domain_of_their_own() -> None:
    code = b"  p : __torch__.torch.classes.quantized.LinearPackedParamsBase\n"
    assert found(code) == {("torch.classes", "quantized.LinearPackedParamsBase")}


def test_a_type_comment_that_calls_something_is_stated() -> None:
    assert found(b"def f(x):\n  # type: (__import__('os').system('echo')) -> Tensor\n") == {
        ("annotation", "type")
    }
    assert found(b"def f(x):\n  # type: (Tensor, Optional[int]) -> Tuple[Tensor, str]\n") == set()


@pytest.mark.parametrize(
    "code",
    [
        b"(" * 1_000_000,
        b"a." * 300_000,
        b'"' * 500_001,
        b'"\\' * 300_000,
        b"'''" * 200_001,
        b"getattr(" * 100_000,
        b"# type:" * 200_000,
        b"a = torch\n" + b"b = a\na = b\n" * 50_000,
        b"".join(b"a%d = a%d\n" % (i, i + 1) for i in range(20_000)) + b"a20000 = torch",
        b"".join(b"a = torch.x%d\nb%d = a.y\n" % (i, i) for i in range(1_000)),
    ],
    ids=lambda code: code[:8].decode(),
)
def test_hostile_code_ends(code: bytes) -> None:
    """Minutes if any of it took time in proportion to the square of its length."""
    assert all(isinstance(fact, (Operator, Gap)) for fact in operators(code))


def test_a_statement_without_end_is_said_to_be_too_long() -> None:
    facts = list(operators(b"f(" + b"x," * 60_000 + b"torch.save)"))
    assert any(isinstance(fact, Gap) for fact in facts)
    assert any(isinstance(fact, Operator) and fact.name == "save" for fact in facts)


@given(st.binary(max_size=300))
def test_any_bytes_end(code: bytes) -> None:
    assert all(isinstance(fact, (Operator, Gap)) for fact in operators(code))


tokens = st.sampled_from(
    [
        b"torch",
        b"ops",
        b"a",
        b"b",
        b".",
        b"(",
        b")",
        b"getattr",
        b",",
        b'"save"',
        b"=",
        b"\n",
        b" ",
        b"[",
        b"]",
        b":",
        b"#",
    ]
)


@given(st.lists(tokens, max_size=60).map(b"".join))
def test_any_tokens_end(code: bytes) -> None:
    assert all(isinstance(fact, (Operator, Gap)) for fact in operators(code))
