"""Hosts: which addresses lead to another machine, and which services take what a stranger sends, or hand out what one has put
there.

Ranges that are not public: IANA's registries of special-purpose addresses, as `ipaddress` has them (RFC 6890; documentation:
RFC 5737, RFC 3849, RFC 2606). The services are those that reports on stolen data and second stages name: ATT&CK T1567
(exfiltration over web services), T1572 (tunnels), T1102 (web services).
"""

import re
from typing import Final

_ADDRESS: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_WELL_KNOWN: Final = frozenset("1.1.1.1 1.0.0.1 8.8.8.8 8.8.4.4 9.9.9.9 1.2.3.4 4.3.2.1 5.6.7.8".split())
"""Public resolvers, and what people write when they mean any address."""
_ONION: Final = re.compile(r"(?:[a-z0-9-]+\.)*(?:[a-z2-7]{56}|[a-z2-7]{16})\.onion", re.IGNORECASE)
_DOCUMENTED: Final = re.compile(
    r"(?:.*\.)?(?:example(?:\.(?:com|org|net))?|localhost|test|invalid|local|internal)", re.IGNORECASE
)
_ENDPOINTS: Final = (
    (r"(?:canary\.|ptb\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/", "a Discord webhook"),
    (r"api\.telegram\.org/(?:file/)?bot", "the interface of Telegram bots"),
    (r"hooks\.slack\.com/(?:services|workflows|triggers)/", "a Slack webhook"),
    (r"[\w-]+\.webhook\.office\.com/", "a Teams webhook"),
    (r"(?:[\w.-]+\.)?ngrok(?:-free)?\.(?:io|app|dev|com)\b", "a tunnel to somebody's machine (ngrok)"),
    ((r"[\w.-]+\.(?:trycloudflare\.com|loca\.lt|serveo\.net|lhr\.life|"
     r"localhost\.run|localtunnel\.me|pinggy\.link)\b"), "a tunnel to somebody's machine"),
    ((r"pastebin\.com/(?:raw/|dl/|api/)|paste\.ee/r/|"
     r"rentry\.(?:co|org)/[\w-]+/raw|(?:hastebin|ghostbin|dpaste)\.(?:com|org)/"), "a paste site"),
    ((r"(?:transfer\.sh|0x0\.st|temp\.sh|ix\.io|termbin\.com|"
     r"bashupload\.com|oshi\.at|gofile\.io|anonfiles\.com|file\.io)/"), "a site for anonymous uploads"),
    ((r"webhook\.site\b|(?:[\w-]+\.)?(?:requestbin\.(?:com|net)|"
     r"pipedream\.net|beeceptor\.com|requestcatcher\.com)\b"), "a site that records requests"),
    ((r"[\w.-]+\.(?:oast\.(?:fun|pro|live|site|online|me)|oastify\.com|"
     r"burpcollaborator\.net|interact\.sh|dnslog\.cn|ceye\.io)\b"), "a site that records requests"),
)  # fmt: skip
_SERVICES: Final = tuple(
    (re.compile(rf"(?<![\w.-])(?:{pattern})", re.IGNORECASE), what) for pattern, what in _ENDPOINTS
)
_URL: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{1,20}://(?:[^\s/@\"'<>]{0,200}@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[\w.-]+)"
)
_WITH_PORT: Final = re.compile(r"(?<![\w.])(?P<host>[0-9]{1,3}(?:\.[0-9]{1,3}){3}):[0-9]{2,5}(?![\w.])")


def indicator(text: str) -> tuple[str, str] | None:
    """The host that code should not know, and what it is: the first in `text`."""
    for pattern, what in _SERVICES:
        match = pattern.search(text)
        if match is not None:
            return match[0].partition("/")[0].lower(), what
    onion = _ONION.search(text)
    if onion is not None:
        return onion[0].lower(), "an onion service, whose owner nobody knows"
    for address in (_URL, _WITH_PORT):
        for match in address.finditer(text):
            host = match["host"].strip("[]")
            if is_public(host):
                return host, "an address of a machine without a name"
    return None


def host_of(text: str) -> str:
    """The host of the first URL that leads to another machine; empty when there is none."""
    for match in _URL.finditer(text):
        host = match["host"].strip("[].").lower()
        if not is_of_this_machine(host) and not host.endswith(".example"):
            return host
    return ""


def is_public(host: str) -> bool:
    """Whether it is an address, and one that leads anywhere in the world."""
    if not (_ADDRESS.fullmatch(host) or ":" in host) or host in _WELL_KNOWN:
        return False
    from ipaddress import ip_address  # few texts name an address

    try:
        return ip_address(host).is_global
    except ValueError:
        return False


def is_of_this_machine(host: str) -> bool:
    """Whether it is this machine, one beside it, or one that documentation talks of."""
    if _ADDRESS.fullmatch(host):
        return not is_public(host)
    return "." not in host or _DOCUMENTED.fullmatch(host) is not None
