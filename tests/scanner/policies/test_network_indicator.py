"""MW306: addresses that code may know, then those that it need not."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Text
from modelwarden.domain.value import Global
from modelwarden.policies.network_indicator import POLICY

SPAN = Span(0, 1)
ONION = "http://" + "expyuzz4wqqyqhjn" + ".onion/x"

INNOCENT = [
    "https://huggingface.co/acme/bert",
    "https://github.com/acme/models/releases",
    "http://127.0.0.1:8080/",
    "http://10.1.2.3:8000",
    "http://192.168.0.4/x",
    "http://192.0.2.7:80/",
    "203.0.113.9:443",
    "http://0.0.0.0:5000",
    "http://localhost:8080",
    "8.8.8.8:53",
    "version 1.10.0.2",
    "cuda:11.8.0.1",
    "12.1.105.0",
    "45.137.21.9",
    "https://discord.com/developers",
    "https://api.slack.com/methods",
    "https://pastebin.com/about",
    "onion soup",
    "file.io",
]
GUILTY = {
    "http://45.137.21.9/a.sh": "45.137.21.9",
    "ftp://user@45.137.21.9:2121/a": "45.137.21.9",
    "45.137.21.9:4444": "45.137.21.9",
    "http://[2606:4700:4700::1111]/x": "2606:4700:4700::1111",
    ONION: "expyuzz4wqqyqhjn.onion",
    "https://discord.com/api/webhooks/1/x": "discord.com",
    "https://api.telegram.org/bot1:x/sendDocument": "api.telegram.org",
    "https://hooks.slack.com/services/T/B/x": "hooks.slack.com",
    "https://a1b2.ngrok-free.app/x": "a1b2.ngrok-free.app",
    "tcp://0.tcp.ngrok.io:12345": "0.tcp.ngrok.io",
    "https://pastebin.com/raw/AbCd": "pastebin.com",
    "curl --upload-file x https://transfer.sh/x": "transfer.sh",
    "https://webhook.site/1": "webhook.site",
    "http://x.oastify.com": "x.oastify.com",
    "https://x.trycloudflare.com/": "x.trycloudflare.com",
}


@pytest.mark.parametrize("text", INNOCENT)
def test_says_nothing_of_ordinary_addresses(text: str) -> None:
    assert POLICY.judge(Text(text, "handler.py", True, SPAN)) is None
    assert POLICY.judge(Call(Global("acme", "fetch"), (text,), How.REDUCE, SPAN)) is None


@pytest.mark.parametrize("text", GUILTY)
def test_reports_them_in_code_alone(text: str) -> None:
    for fact in (
        Text(text, "handler.py", True, SPAN),
        Call(Global("acme", "fetch"), ((text,),), How.REDUCE, SPAN),
    ):
        judgement = POLICY.judge(fact)
        assert judgement is not None
        assert judgement.subject == GUILTY[text]
    assert POLICY.judge(Text(text, "homepage", False, SPAN)) is None
    assert POLICY.judge(Call(Global("acme", "Logger"), (text,), How.TARGET, SPAN)) is None


def test_reports_an_address_and_its_port() -> None:
    fact = Call(Global("socket", "create_connection"), (("45.137.21.9", 4444),), How.REDUCE, SPAN)
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == "45.137.21.9"
