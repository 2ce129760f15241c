"""The tree of a code object, whoever shares its parts."""

from modelwarden.parsing.code.code import Code, Constant, parameters, with_nested


def code(name: str, *constants: Constant) -> Code:
    return Code(
        name=name, filename="", bytecode=b"", constants=constants, names=(), variables=(), cells=(), parameters=0,
        exceptions=b"", versions=(),
    )  # fmt: skip


def test_nested_code_comes_after_its_outer_code_and_once() -> None:
    inner = code("inner")
    middle = code("middle", "text", inner, 1)
    assert [one.name for one in with_nested([code("outer", middle, inner, middle)])] == [
        "outer",
        "middle",
        "inner",
    ]


def test_a_tree_that_shares_its_parts_is_not_walked_path_by_path() -> None:
    top = code("leaf")
    for _ in range(200):
        top = code("node", top, top)
    assert len(with_nested([top])) == 201


def test_star_parameters_are_parameters() -> None:
    assert parameters(2, 1, 0x00) == 3
    assert parameters(2, 1, 0x04) == 4
    assert parameters(2, 1, 0x0C) == 5
