"""Scan machine-learning model files before anybody loads them.

`scan(paths, settings)` returns a `Report`; nothing else is public. Imported when first used, so that the command starts fast.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modelwarden.domain.finding import Finding, Note
    from modelwarden.domain.report import Report
    from modelwarden.domain.rule import Rule
    from modelwarden.domain.settings import Settings
    from modelwarden.domain.severity import Severity
    from modelwarden.engine.scan import scan

__version__ = "0.1.0"

__all__ = ["Finding", "Note", "Report", "Rule", "Settings", "Severity", "scan"]

_HOMES = {
    "Finding": "modelwarden.domain.finding",
    "Note": "modelwarden.domain.finding",
    "Report": "modelwarden.domain.report",
    "Rule": "modelwarden.domain.rule",
    "Settings": "modelwarden.domain.settings",
    "Severity": "modelwarden.domain.severity",
    "scan": "modelwarden.engine.scan",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
