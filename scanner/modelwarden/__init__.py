"""Scan machine-learning model files before anybody loads them.

`scan(paths, settings)` returns a `Report`; `register` adds a format, a policy or a reporter. Nothing else is public than what
stands in `__all__`. It is imported when first used, so that the command starts fast.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modelwarden.api import register, scan
    from modelwarden.domain.budget import Limits
    from modelwarden.domain.finding import Finding, Note
    from modelwarden.domain.format import ByteSource, Child, Format, Head, Scope
    from modelwarden.domain.location import ArtifactPath, Span
    from modelwarden.domain.observation import Gap, Observation, Remark, Shortfall
    from modelwarden.domain.policy import Judgement, Policy
    from modelwarden.domain.report import Coverage, Report, ScannedFile
    from modelwarden.domain.rule import Rule
    from modelwarden.domain.settings import Settings
    from modelwarden.domain.severity import Severity
    from modelwarden.errors import UserError
    from modelwarden.reports.outcome import Outcome
    from modelwarden.reports.reporters import Reporter

__version__ = "0.1.0"

__all__ = [
    "ArtifactPath",
    "ByteSource",
    "Child",
    "Coverage",
    "Finding",
    "Format",
    "Gap",
    "Head",
    "Judgement",
    "Limits",
    "Note",
    "Observation",
    "Outcome",
    "Policy",
    "Remark",
    "Report",
    "Reporter",
    "Rule",
    "ScannedFile",
    "Scope",
    "Settings",
    "Severity",
    "Shortfall",
    "Span",
    "UserError",
    "register",
    "scan",
]

_NAMES = {
    "api": ("register", "scan"),
    "domain.budget": ("Limits",),
    "domain.finding": ("Finding", "Note"),
    "domain.format": ("ByteSource", "Child", "Format", "Head", "Scope"),
    "domain.location": ("ArtifactPath", "Span"),
    "domain.observation": ("Gap", "Observation", "Remark", "Shortfall"),
    "domain.policy": ("Judgement", "Policy"),
    "domain.report": ("Coverage", "Report", "ScannedFile"),
    "domain.rule": ("Rule",),
    "domain.settings": ("Settings",),
    "domain.severity": ("Severity",),
    "errors": ("UserError",),
    "reports.outcome": ("Outcome",),
    "reports.reporters": ("Reporter",),
}
_HOMES = {name: f"{__name__}.{home}" for home, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
