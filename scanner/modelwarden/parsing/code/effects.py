"""How many values an instruction takes from the stack and how many it puts there.

Source: `Python/compile.c` (`stack_effect`) and `Python/bytecodes.c`. Instructions with a meaning of their own to us are in
`follow`; those that only stand between statements, where nothing of interest is on the stack, are counted roughly.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from modelwarden.parsing.code.code import Version

Counts: TypeAlias = tuple[int, int]

_PLAIN: Final[dict[Counts, str]] = {
    (0, 0): "NOP RESUME NOT_TAKEN PRECALL KW_NAMES COPY_FREE_VARS MAKE_CELL SETUP_LOOP SETUP_EXCEPT SETUP_FINALLY "
    "SETUP_ASYNC_WITH SETUP_ANNOTATIONS POP_BLOCK BREAK_LOOP CONTINUE_LOOP JUMP_FORWARD JUMP_ABSOLUTE JUMP_BACKWARD "
    "JUMP_BACKWARD_NO_INTERRUPT CALL_FINALLY DELETE_FAST DELETE_NAME DELETE_GLOBAL DELETE_DEREF POP_FINALLY",
    (0, 1): "LOAD_BUILD_CLASS LOAD_ASSERTION_ERROR LOAD_COMMON_CONSTANT LOAD_LOCALS LOAD_CLOSURE LOAD_SMALL_INT FOR_ITER GET_LEN "
    "GET_ANEXT MATCH_MAPPING MATCH_SEQUENCE MATCH_KEYS RETURN_GENERATOR WITH_EXCEPT_START BEGIN_FINALLY WITH_CLEANUP_START",
    (1, 0): "LIST_APPEND LIST_EXTEND SET_ADD SET_UPDATE DICT_MERGE DICT_UPDATE DELETE_ATTR POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE "
    "POP_JUMP_IF_NONE POP_JUMP_IF_NOT_NONE POP_JUMP_FORWARD_IF_FALSE POP_JUMP_FORWARD_IF_TRUE POP_JUMP_FORWARD_IF_NONE "
    "POP_JUMP_FORWARD_IF_NOT_NONE POP_JUMP_BACKWARD_IF_FALSE POP_JUMP_BACKWARD_IF_TRUE POP_JUMP_BACKWARD_IF_NONE "
    "POP_JUMP_BACKWARD_IF_NOT_NONE JUMP_IF_FALSE_OR_POP JUMP_IF_TRUE_OR_POP POP_EXCEPT POP_ITER PRINT_EXPR GEN_START "
    "STORE_ANNOTATION RETURN_VALUE RERAISE EXIT_INIT_CHECK INTERPRETER_EXIT END_FINALLY WITH_CLEANUP_FINISH",
    (1, 1): "UNARY_NOT UNARY_NEGATIVE UNARY_POSITIVE UNARY_INVERT TO_BOOL GET_ITER GET_AITER GET_YIELD_FROM_ITER GET_AWAITABLE "
    "LIST_TO_TUPLE FORMAT_SIMPLE CONVERT_VALUE YIELD_VALUE ASYNC_GEN_WRAP COPY_DICT_WITHOUT_KEYS CHECK_EXC_MATCH",
    (1, 2): "PUSH_EXC_INFO BEFORE_WITH BEFORE_ASYNC_WITH SETUP_WITH LOAD_SPECIAL",
    (2, 0): "DELETE_SUBSCR MAP_ADD STORE_ATTR JUMP_IF_NOT_EXC_MATCH END_ASYNC_FOR",
    (2, 1): "BINARY_OP COMPARE_OP IS_OP CONTAINS_OP CALL_INTRINSIC_2 FORMAT_WITH_SPEC YIELD_FROM SET_FUNCTION_ATTRIBUTE "
    "BUILD_TEMPLATE END_SEND PREP_RERAISE_STAR "
    "BINARY_ADD BINARY_AND BINARY_FLOOR_DIVIDE BINARY_LSHIFT BINARY_MATRIX_MULTIPLY BINARY_MODULO BINARY_MULTIPLY BINARY_OR "
    "BINARY_POWER BINARY_RSHIFT BINARY_SUBSCR BINARY_SUBTRACT BINARY_TRUE_DIVIDE BINARY_XOR "
    "INPLACE_ADD INPLACE_AND INPLACE_FLOOR_DIVIDE INPLACE_LSHIFT INPLACE_MATRIX_MULTIPLY INPLACE_MODULO INPLACE_MULTIPLY "
    "INPLACE_OR INPLACE_POWER INPLACE_RSHIFT INPLACE_SUBTRACT INPLACE_TRUE_DIVIDE INPLACE_XOR",
    (2, 2): "SEND CHECK_EG_MATCH",
    (3, 0): "STORE_SUBSCR",
    (3, 1): "BINARY_SLICE MATCH_CLASS",
    (3, 2): "CLEANUP_THROW",
    (4, 0): "STORE_SLICE",
}  # fmt: skip

_FIXED: Final[dict[str, Counts]] = {
    name: counts for counts, names in _PLAIN.items() for name in names.split()
}


def _collects(count: int) -> Counts:
    return count, 1


_COUNTED: Final[dict[str, Callable[[int], Counts]]] = {
    **dict.fromkeys(
        "BUILD_LIST BUILD_SET BUILD_TUPLE BUILD_STRING BUILD_LIST_UNPACK BUILD_SET_UNPACK BUILD_TUPLE_UNPACK BUILD_MAP_UNPACK "
        "BUILD_TUPLE_UNPACK_WITH_CALL BUILD_MAP_UNPACK_WITH_CALL".split(),
        _collects,
    ),
    "BUILD_CONST_KEY_MAP": lambda argument: (argument + 1, 1),
    "BUILD_MAP": lambda argument: (2 * argument, 1),
    "BUILD_SLICE": lambda argument: (3 if argument == 3 else 2, 1),
    "BUILD_INTERPOLATION": lambda argument: (2 + (argument & 1), 1),
    "FORMAT_VALUE": lambda argument: (2 if argument & 4 else 1, 1),
    "RAISE_VARARGS": lambda argument: (argument, 0),
    "UNPACK_SEQUENCE": lambda argument: (1, argument),
    "UNPACK_EX": lambda argument: (1, (argument & 0xFF) + 1 + (argument >> 8)),
    "LOAD_SUPER_ATTR": lambda argument: (3, 1 + (argument & 1)),
}


def counts(name: str, argument: int, version: Version) -> Counts | None:
    """How many values the instruction `name` takes and gives when it does not jump; None when `follow` knows better."""
    if name in _FIXED:
        return _FIXED[name]
    if name in _COUNTED:
        return _COUNTED[name](argument)
    if name == "END_FOR":
        return (2, 0) if version == (3, 12) else (1, 0)
    if name == "MAKE_FUNCTION":
        if version >= (3, 13):
            return 1, 1
        return (2 if version < (3, 11) else 1) + (argument & 0x0F).bit_count(), 1
    return None
