"""What every secret and every address begins with or holds: who has many bytes looks for these first, in one search."""

from typing import Final

SECRETS: Final = (
    "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxa-", "xoxb-", "xoxo-", "xoxp-", "xoxr-",
    "xoxs-", "hf_", "T3BlbkFJ", "sk-ant-", "AIza", "k_live_", "npm_", "pypi-AgE", "PRIVATE KEY", ":AA",
    "hooks.slack.com/", "/api/webhooks/",
)  # fmt: skip
"""A text without any of them and without `ADDRESS` holds no secret that `policies/tables/secrets.py` knows."""

ADDRESS: Final = "://"
"""A URL, which may hold a password."""


def may_hold_a_secret(text: str) -> bool:
    """Whether it is worth asking the table."""
    return (ADDRESS in text and "@" in text) or any(mark in text for mark in SECRETS)
