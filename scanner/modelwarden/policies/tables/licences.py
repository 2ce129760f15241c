"""What the licences of models and datasets oblige to, by SPDX id or by the name that model hubs give them, in lower case.

Sources: https://spdx.org/licenses/ and https://huggingface.co/docs/hub/repositories-licenses. A licence that is not here obliges
to nothing that a rule of ours tells, such as naming the author.
"""

import re
from typing import Final

COPYLEFT: Final = "copyleft"
NETWORK: Final = "network copyleft"
NON_COMMERCIAL: Final = "non-commercial"
RESEARCH: Final = "research only"
USE: Final = "restricted use"
NO_DERIVATIVES: Final = "no derivatives"
UNLICENSED: Final = "no licence"

TELLS: Final = {
    COPYLEFT: "what is made from it must be passed on under the same licence",
    NETWORK: "who offers it over a network must offer its source, and that of what is made from it",
    NON_COMMERCIAL: "it may not be used commercially",
    RESEARCH: "it may be used for research only",
    USE: "it forbids some uses, and whoever passes it on must forbid them too",
    NO_DERIVATIVES: "what is made from it, such as a fine-tuned model, may not be passed on",
    UNLICENSED: "without a licence nobody but its author has the right to use it",
}

_PATTERNS: Final = (
    (NETWORK, r"(?:gnu[ -])?agpl|sspl|affero"),
    (COPYLEFT, r"(?:gnu[ -])?gpl|osl-|cc-by-sa|eupl|cecill(?!-[bc])|odbl|gfdl|gnu general public"),
    (NO_DERIVATIVES, r"cc-by-nd"),
    (
        NON_COMMERCIAL,
        r"cc-by-nc|polyform-noncommercial|(?:.*[ -])?non[ -]?commercial|coqui-public|c-uda$|fair-?ai|h-research",
    ),
    (
        RESEARCH,
        r"(?:.*[ -])?research(?:[ -]|$)|mrl(?:-|$)|intel-research|apple-amlr|apple-ascl|llama-?1(?:-|$)|stabilityai-nc",
    ),
    (
        USE,
        (
            r"(?:.*[ -])?(?:open)?rail(?:\+\+|-|$)|llama|meta[ -]llama|gemma|deepfloyd-if|tii-falcon|falcon-llm|qwen|tongyi|"
            r"stabilityai|bigscience|deepseek|nvidia-open|health-ai|exaone|hunyuan|tencent-hunyuan"
        ),
    ),
    (UNLICENSED, r"none$|unlicensed$|all rights reserved|proprietary"),
)
_COMPILED: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_TOKEN: Final = re.compile(r"\(|\)|\b(?:and|or|with)\b")
_LONGEST: Final = 500
_DEEPEST: Final = 50


def obligation(licence: str) -> str:
    """The kind of obligation that a licence, or an expression of SPDX, brings; empty when it brings none that is told.

    Of alternatives (`OR`) one without an obligation is enough.
    """
    text = " ".join(licence.lower().split())[:_LONGEST]
    if " or " not in text and " and " not in text and "(" not in text:
        return _of_one(text)
    tokens = [part.strip() for part in re.split(rf"({_TOKEN.pattern})", text) if part and part.strip()]
    found, _ = _alternatives(tokens, 0, 0)
    return found


def _alternatives(tokens: list[str], at: int, depth: int) -> tuple[str, int]:
    """The obligation of `A or B …` from `at`, and where it ends."""
    first, at = _together(tokens, at, depth)
    choices = [first]
    while at < len(tokens) and tokens[at] == "or":
        another, at = _together(tokens, at + 1, depth)
        choices.append(another)
    return ("" if "" in choices else choices[0]), at


def _together(tokens: list[str], at: int, depth: int) -> tuple[str, int]:
    """The obligation of `A and B …` from `at`, and where it ends."""
    found, at = _operand(tokens, at, depth)
    while at < len(tokens) and tokens[at] == "and":
        another, at = _operand(tokens, at + 1, depth)
        found = found or another
    return found, at


def _operand(tokens: list[str], at: int, depth: int) -> tuple[str, int]:
    if at >= len(tokens):
        return "", at
    if tokens[at] == "(" and depth < _DEEPEST:
        found, at = _alternatives(tokens, at + 1, depth + 1)
        return found, at + 1
    found, at = _of_one(tokens[at]), at + 1
    if at < len(tokens) and tokens[at] == "with":  # an exception takes nothing away that is told here
        at += 2
    return found, at


def _of_one(name: str) -> str:
    bare = re.sub(r"^licen[cs]eref-", "", name.strip())
    return next((kind for kind, pattern in _COMPILED if pattern.match(bare) is not None), "")
