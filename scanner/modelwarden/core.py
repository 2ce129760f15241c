"""What programs written for ModelAudit call: a scan whose result is a dictionary with the keys they read."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from modelwarden import api
from modelwarden.domain.budget import Limits
from modelwarden.domain.record import replace
from modelwarden.domain.settings import Settings
from modelwarden.engine.verdict import verdict
from modelwarden.reports.json import document
from modelwarden.reports.outcome import Outcome
from modelwarden.scanners.adapter import FAMILY, told
from modelwarden.scanners.base import CONFIG

_LIMITS = {
    "max_file_size": "file_bytes",
    "max_total_size": "total_bytes",
    "max_zip_depth": "depth",
    "max_zip_entries": "members",
}
"""Key of the configuration → limit of ours. 0 stands for none."""
_SETTINGS = ("blacklist_patterns", "timeout", "strict")


def scan_model_directory_or_file(path: str | os.PathLike[str], **config: Any) -> dict[str, Any]:
    """Scan a file or a directory; the result holds what `--format json` writes, `issues` among it.

    `config`: `blacklist_patterns`, `timeout`, `max_file_size`, `max_total_size`, `max_zip_depth`, `max_zip_entries`, `strict`.
    Raises TypeError for any other key, and UserError for a path that does not exist.
    """
    settings = _settings(config)
    started = datetime.now(UTC)
    token = CONFIG.set(dict(config))
    try:
        report = api.scan(path, settings)
    finally:
        CONFIG.reset(token)
    outcome = Outcome.of(report, settings, verdict(report, settings))
    result: dict[str, Any] = {**document(outcome, (started, datetime.now(UTC))), "success": report.complete}
    for finding, issue in zip(outcome.findings, result["issues"], strict=True):
        if finding.family == FAMILY:
            details, why = told(finding.argument)
            issue["details"] = issue["details"] | details
            issue["why"] = why or issue["why"]
    return result


def _settings(config: Mapping[str, Any]) -> Settings:
    known = (*_LIMITS, *_SETTINGS)
    for key in config:
        if key not in known:
            raise TypeError(
                f"scan_model_directory_or_file() knows no {key!r}; it knows {', '.join(sorted(known))}"
            )
    given = {key: value for key, value in config.items() if value is not None}
    limits = {ours: int(given[key]) for key, ours in _LIMITS.items() if given.get(key)}
    return Settings(
        blacklist=tuple(given.get("blacklist_patterns", ())),
        timeout=float(given.get("timeout") or Settings().timeout),
        strict=bool(given.get("strict")),
        limits=replace(Limits(), **limits),
    )
