"""Secrets by the form that who issues them gives them, and what only looks like one.

Sources, by kind: AWS, `https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html` (unique ids: the prefix, then
base 32); GitHub, `https://github.blog/engineering/behind-githubs-new-authentication-token-formats/`; GitLab,
`https://docs.gitlab.com/security/tokens/` (prefixes); Slack, `https://docs.slack.dev/authentication/tokens`; Hugging Face,
`https://huggingface.co/docs/hub/security-tokens` (`hf_`, then 34 letters and digits); OpenAI: `T3BlbkFJ` is base 64 of `OpenAI`
and stands in the middle of every key; Anthropic, `https://docs.anthropic.com` (`sk-ant-`); Google,
`https://cloud.google.com/docs/authentication/api-keys` (39 characters from `AIza`); Stripe, `https://docs.stripe.com/keys`;
npm, `https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/`; PyPI, `https://pypi.org/help/#apitoken`: a
macaroon, which begins with its place `pypi.org`; Telegram, `https://core.telegram.org/bots/api`; keys in PEM, RFC 7468;
passwords in URLs, RFC 3986, section 3.2.1. JSON web tokens are left out: most are public, or are over within the hour.
"""

import re
from collections.abc import Iterator
from functools import partial
from math import log2
from typing import Final

from modelwarden.domain.record import record
from modelwarden.policies.tables.hosts import is_of_this_machine

_WORD: Final = "[A-Za-z0-9_-]"
_BEGIN: Final = r"(?<![A-Za-z0-9_-])"
_EDGES: Final = re.compile(r"\(\?<?![^()]*\)")
_PEM: Final = r"(?:\s|\\{1,16}[nr])+"


@record
class Secret:
    """One that was found: what it is, where it stands in the text, and its last two characters, or none of them."""

    kind: str
    start: int
    end: int
    ending: str


@record
class _Kind:
    """`pattern`: group `body` is what nobody can guess. `holds`: `a`, `A` and `0` for characters of which it has one at least.

    `anywhere`: the same within a longer word, for what must not be shown. `least`: entropy in bits for each character, chosen
    with room below that of random ones.
    """

    name: str
    pattern: re.Pattern[str]
    anywhere: re.Pattern[str]
    holds: str
    least: float


def _kind(name: str, pattern: str, holds: str = "aA0", least: float = 3.5) -> _Kind:
    return _Kind(name, re.compile(pattern), re.compile(_EDGES.sub("", pattern)), holds, least)


_KINDS: Final = (
    _kind("AWS access key id", r"(?<![A-Za-z0-9])A(?:KI|SI)A(?P<body>[A-Z2-7]{16})(?![A-Za-z0-9])", "A0", 2.6),
    _kind("GitHub token", rf"{_BEGIN}gh[pousr]_(?P<body>[A-Za-z0-9]{{36,255}})(?![A-Za-z0-9_])"),
    _kind("GitHub token", rf"{_BEGIN}github_pat_(?P<body>[A-Za-z0-9]{{22}}_[A-Za-z0-9]{{59}})(?![A-Za-z0-9_])"),
    _kind("GitLab token", rf"{_BEGIN}glpat-(?P<body>{_WORD}{{20,300}}(?:\.[0-9a-z]{{2}}\.[0-9a-z]{{9}})?)", "a", 3.2),
    _kind("Slack token", rf"{_BEGIN}xox[abeoprs]-(?P<body>(?:[0-9]{{6,14}}-)+[A-Za-z0-9-]{{16,200}})", "0", 3.0),
    _kind("Slack webhook", r"hooks\.slack\.com/(?:services|workflows)/"
          r"(?P<body>[TA][A-Z0-9]{6,14}/[A-Z0-9]{6,20}/[A-Za-z0-9/]{16,80})", "A0"),
    _kind("Discord webhook", rf"discord(?:app)?\.com/api/webhooks/(?P<body>[0-9]{{15,22}}/{_WORD}{{40,100}})"),
    _kind("Telegram bot token", rf"(?<![0-9A-Za-z_-]|\.)(?:bot)?(?P<body>[0-9]{{8,10}}:AA{_WORD}{{33}})(?!{_WORD})"),
    _kind("Hugging Face token", rf"{_BEGIN}hf_(?P<body>[A-Za-z0-9]{{34,40}})(?![A-Za-z0-9_])", "aA"),
    _kind("OpenAI key", rf"{_BEGIN}sk-(?P<body>{_WORD}{{16,120}}T3BlbkFJ{_WORD}{{16,120}})"),
    _kind("Anthropic key", rf"{_BEGIN}sk-ant-(?P<body>[a-z]{{3,8}}[0-9]{{2}}-{_WORD}{{80,120}})"),
    _kind("Google API key", rf"{_BEGIN}AIza(?P<body>{_WORD}{{35}})(?!{_WORD})"),
    _kind("Stripe key", rf"{_BEGIN}[sr]k_live_(?P<body>[A-Za-z0-9]{{24,120}})(?![A-Za-z0-9_])"),
    _kind("npm token", rf"{_BEGIN}npm_(?P<body>[A-Za-z0-9]{{36}})(?![A-Za-z0-9_])"),
    _kind("PyPI token", rf"{_BEGIN}pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)(?P<body>{_WORD}{{50,500}})"),
    _kind(
        "private key",
        rf"-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED) )?PRIVATE KEY-----{_PEM}"
        rf"(?P<body>[A-Za-z0-9+/=]{{60,80}}(?:{_PEM}[A-Za-z0-9+/=]+)*)",
        "aA0",
        4.0,
    ),
)  # fmt: skip
_PASSWORD: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{1,20}://(?P<user>[^\s/:@\"'<>{}$]{0,64}):(?P<body>[^\s/@\"'<>]{6,128})@(?P<host>[\w.-]+)"
)
_PLACEHOLDER: Final = re.compile(
    r"example|sample|xxxx|x{5,}|\*\*\*|\.\.\.|…|your|placeholder|dummy|fake|redacted|change_?me|insert|replace|todo|"
    r"123456|abcdef|qwerty|00000|foobar|lorem|secret|hunter|mypass|\bpass(?:word|wd)?\b|passw|test|[<>{}$%]",
    re.IGNORECASE,
)
_ISSUED: Final = re.compile(
    r"example|x{5,}|\*\*\*|placeholder|your[-_]?|dummy|redacted|changeme|1234567|abcdefg|ABCDEFG|qwerty|00000000|(.)\1{5}",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r"(?:A(?:KI|SI)A|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|hf_|sk-|AIza|[sr]k_live_|npm_|pypi-AgE)[A-Za-z0-9_./-]{4,}…"
    r"|://[^\s/:@]*:[^\s/@:]{3,}(?:@[\w.-]*)?…"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\{1,16}[nr])*[A-Za-z0-9+/]{8}.*"
    r"|(?:webhooks|hooks\.slack\.com)/[A-Za-z0-9/_-]{8,}…"
    r"|[0-9]{8,10}:AA[A-Za-z0-9_-]{4,}…",
    re.DOTALL,
)
"""A secret whose end was cut off when the text was shortened."""


_HOLDS: Final = {"a": str.islower, "A": str.isupper, "0": str.isdigit}


def secrets(text: str) -> Iterator[Secret]:
    """Every secret in `text`, one kind after the other."""
    for kind in _KINDS:
        for match in kind.pattern.finditer(text):
            if _is_issued(match["body"], kind):
                yield Secret(kind.name, match.start(), match.end(), match["body"].rstrip("=")[-2:])
    for match in _PASSWORD.finditer(text):
        if _is_password(match["body"], match["user"], match["host"]):
            yield Secret("password in a URL", match.start("body"), match.end("body"), "")


def redacted(text: str) -> str:
    """`text` with the kind in the place of each secret, whole or cut off."""
    for kind in _KINDS:
        text = kind.anywhere.sub(partial(_shown, kind), text)
    for secret in sorted(secrets(text), key=lambda one: -one.start):
        text = f"{text[: secret.start]}[{secret.kind}]{text[secret.end :]}"
    return _CUT.sub("[secret]…", text)


def _shown(kind: _Kind, found: re.Match[str]) -> str:
    return f"[{kind.name}]" if _is_issued(found["body"], kind) else found[0]


def _is_issued(body: str, kind: _Kind) -> bool:
    """Whether chance made it: no word of documentation, no row of the alphabet."""
    if _ISSUED.search(body) or _bits(body) < kind.least:
        return False
    return all(any(map(_HOLDS[each], body)) for each in kind.holds)


def _is_password(body: str, user: str, host: str) -> bool:
    """Whether somebody keeps it from others: not the name of the service, and not on this machine."""
    if body == user or _PLACEHOLDER.search(body) or _PLACEHOLDER.search(host) or is_of_this_machine(host):
        return False
    kinds = sum(any(map(test, body)) for test in _HOLDS.values())
    return len(body) >= 8 and kinds >= 2 and _bits(body) >= 2.5


def _bits(body: str) -> float:
    """Shannon's entropy of the characters, in bits for each."""
    size = len(body)
    return -sum(count / size * log2(count / size) for count in (body.count(one) for one in set(body)))
