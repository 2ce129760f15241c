"""MW305: what documentation and configurations show, then what somebody left behind; and that no report tells it."""

import json
import pickle
import random
import string
from pathlib import Path

import pytest
from click.testing import CliRunner

from modelwarden.cli import cli
from modelwarden.domain.location import Span
from modelwarden.domain.marks import may_hold_a_secret
from modelwarden.domain.observation import Call, How, Text
from modelwarden.domain.value import Blob, Global
from modelwarden.policies.secret import POLICY
from modelwarden.policies.tables.secrets import redacted, secrets
from modelwarden.reports.target import ReportFormat

SPAN = Span(0, 1)
_CHANCE = random.Random(305)


def _made(count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    """As an issuer makes it."""
    return "".join(_CHANCE.choice(alphabet) for _ in range(count - 3)) + "aQ7"


_DIGITS = "738291046"
_PEM = "\n".join(_made(64) for _ in range(4))
GUILTY = {
    "AWS access key id": f"AK{'IA'}{'Q3EGTZ7NV5WLB2RD'}",
    "GitHub token": f"gh{'p_'}{_made(36)}",
    "GitHub fine-grained": f"github{'_pat_'}{_made(22)}_{_made(59)}",
    "GitLab token": f"gl{'pat-'}{_made(20)}",
    "Slack token": f"xo{'xb-'}{_DIGITS}123-{_made(24)}",
    "Slack webhook": f"https://hooks.slack{'.com'}/services/T0{'AB12CD34'}/B0{'EF56GH78'}/{_made(24)}",
    "Discord webhook": f"https://discord{'.com'}/api/webhooks/{_DIGITS * 2}/{_made(68)}",
    "Telegram bot token": f"{_DIGITS}:A{'A'}{_made(33)}",
    "Hugging Face token": f"h{'f_'}{_made(34)}",
    "OpenAI key": f"sk-{_made(20)}T3Blbk{'FJ'}{_made(20)}",
    "Anthropic key": f"sk-{'ant'}-api03-{_made(93)}",
    "Google API key": f"AI{'za'}{_made(35)}",
    "Stripe key": f"sk{'_live_'}{_made(24)}",
    "npm token": f"np{'m_'}{_made(36)}",
    "PyPI token": f"pypi-{'AgEIcHlwaS5vcmc'}{_made(120)}",
    "private key": f"-----BEGIN RSA PRIVATE {'KEY'}-----\n{_PEM}\n-----END RSA PRIVATE KEY-----",
    "private key in JSON": f"-----BEGIN PRIVATE {'KEY'}-----\\n{_made(64)}\\n{_made(64)}\\n",
    "password in a URL": "postgresql://trainer:" + "kV9rT2mQ4x" + "@db.acme-models.net/runs",
}
INNOCENT = [
    "AKIAIOSFODNN7EXAMPLE",
    "AKIA",
    "MKAKIALLEVVGGSDEEQWERTYLLK",
    "AKIALLEVVGGSDEEQWWLL",
    "ghp_" + "x" * 36,
    "ghp_" + "a" * 36,
    "ghp_your_token_here",
    "hf_hidden_size_of_the_attention_projection",
    "hf_" + "x" * 34,
    "hf_" + "abcdefghijklmnopqrstuvwxyzabcdefgh",
    "sk-proj-your-key",
    "sk_live_" + "0" * 24,
    "npm_config_registry",
    "pypi-AgE",
    "AIza" + "x" * 35,
    "glpat-xxxxxxxxxxxxxxxxxxxx",
    "xoxb-your-token",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "-----BEGIN PUBLIC KEY-----\n" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo4",
    "https://user:password@host.org/",
    "https://user:${PASSWORD}@host.org/",
    "https://user:{password}@host.org/",
    "https://<user>:<password>@host.org/",
    "postgres://postgres:postgres@db.acme-models.net/",
    "redis://:kV9rT2mQ4x@localhost:6379/0",
    "redis://:kV9rT2mQ4x@redis:6379/0",
    "mongodb://root:kV9rT2mQ4x@10.0.0.7/",
    "https://user:kV9rT2mQ4x@example.com/",
    "https://host.org:8080/@scope/package",
    "git+ssh://git@github.com/acme/models.git",
    "mailto://someone@host.org",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_says_nothing_of_placeholders_and_examples(text: str) -> None:
    assert POLICY.judge(Text(text, "key", False, SPAN)) is None
    assert redacted(text) == text


@pytest.mark.parametrize("name", GUILTY)
def test_reports_the_kind_and_never_the_secret(name: str) -> None:
    secret = GUILTY[name]
    assert may_hold_a_secret(secret)
    for fact in (
        Text(f"token={secret} ", "env.TOKEN", False, SPAN),
        Call(Global("acme", "login"), ((secret,),), How.REDUCE, SPAN),
        Call(Global("acme", "login"), (Blob(0, len(secret), secret.encode()),), How.REDUCE, SPAN),
    ):
        judgement = POLICY.judge(fact)
        assert judgement is not None
        body = next(secrets(secret))
        kept = secret[(body.start + body.end) // 2 : body.end - 2]
        assert kept[:12] not in judgement.subject + judgement.message + judgement.argument
        assert body.kind in judgement.message


@pytest.mark.parametrize("name", GUILTY)
def test_what_is_cut_off_is_not_shown_either(name: str) -> None:
    secret = GUILTY[name]
    body = next(secrets(secret))
    cut = secret[: body.start + (body.end - body.start) * 2 // 3]
    assert cut[-5:] not in redacted(f"curl -H {cut}…")


@pytest.mark.parametrize("form", [form for form in ReportFormat if form.value not in ("sbom", "custom")])
def test_no_report_holds_it(form: ReportFormat, tmp_path: Path) -> None:
    for number, secret in enumerate(GUILTY.values()):
        where = tmp_path / f"{number}"
        where.mkdir()
        (where / "config.json").write_text(
            json.dumps({"token": secret, secret: 1, "auto_map": secret + "--a.B"})
        )
        (where / "run.yaml").write_text(json.dumps({"_target_": "os.system", "_args_": [secret]}))
        (where / "model.pkl").write_bytes(pickle.dumps(_Calls(secret)))
        (where / "long.pkl").write_bytes(pickle.dumps(_Calls("x" * 160 + " " + secret)))
        (where / "named.pkl").write_bytes(b"\x80\x02cos\n" + secret.split("\n")[0].encode() + b"\n.")
    runner = CliRunner()
    result = runner.invoke(cli, ["scan", str(tmp_path), "-f", form.value, "-v", "--no-config", "-j", "1"])
    assert "MW305" in result.output or form is ReportFormat.CODE_QUALITY
    for name, secret in GUILTY.items():
        body = next(secrets(secret))
        kept = secret[(body.start + body.end) // 2 : body.end - 2]
        if "password" not in name:
            assert kept[:14] not in result.output, name
        else:
            assert "kV9rT2mQ4x" not in result.output


class _Calls:
    def __init__(self, text: str) -> None:
        self.text = text

    def __reduce__(self) -> tuple[object, ...]:
        import os

        return os.system, (f"echo {self.text}",)
