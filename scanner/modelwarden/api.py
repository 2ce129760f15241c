"""What programs use of us: `modelwarden.scan` and `modelwarden.register`."""

import os
from collections.abc import Sequence
from typing import TypeAlias

from modelwarden.domain.format import Format
from modelwarden.domain.policy import Policy
from modelwarden.domain.report import Report
from modelwarden.domain.settings import Settings
from modelwarden.engine import scan as engine
from modelwarden.errors import UserError
from modelwarden.formats import ADDED, INDEX
from modelwarden.plugins import registering
from modelwarden.policies import CATALOGUE
from modelwarden.reports import reporters
from modelwarden.reports.reporters import Reporter
from modelwarden.triage.triage import Triage

Path: TypeAlias = str | os.PathLike[str]

_USUAL = Settings()


def scan(paths: Path | Sequence[Path], settings: Settings = _USUAL) -> Report:
    """Scan one file or directory, or several. Nothing is loaded, run or unpacked.

    The report says what was found and what could not be read; it is the same as the command's. `settings.min_severity` and
    `settings.fail_on` are for those who show and judge it. Raises UserError for a path that does not exist and for settings
    that cannot be followed; whatever the files hold is told by the report.
    """
    named = [paths] if isinstance(paths, str | os.PathLike) else paths
    if not named:
        raise UserError("no path was given")
    _check(settings)
    report = engine.scan([os.fspath(path) for path in named], settings)
    judged, _ = Triage((), None, settings, record=False, identify=True).judge(report)
    return judged


def _check(settings: Settings) -> None:
    """Raises UserError for what would make a scan see less than was meant, without a word."""
    for name in ("exclude", "blacklist", "allowed", "denied", "without", "known_bad", "plugins"):
        if isinstance(getattr(settings, name), str):
            raise UserError(f"{name}: a sequence of texts is expected, not one text")
    if settings.timeout <= 0:
        raise UserError(f"timeout: {settings.timeout} is no time")
    if settings.jobs is not None and settings.jobs < 1:
        raise UserError(f"jobs: {settings.jobs} is no number of processes")
    if settings.plugins:  # which add names of their own, once they are loaded
        return
    formats = {entry.name for entry in INDEX}
    for name in (*settings.without, *(form for _, form in settings.suffixes)):
        if name not in formats and name not in ADDED:
            raise UserError(f"there is no format {name}")
    for rule, _ in settings.ratings:
        if rule not in CATALOGUE:
            raise UserError(f"there is no rule {rule}")


def register(thing: Format | Policy | Reporter) -> None:
    """Add a format, a policy or a reporter to this program, or to the plug-in that is being loaded.

    Raises ValueError for a name that is taken, and TypeError for anything else.
    """
    if isinstance(thing, Reporter):
        reporters.register(thing)
    else:
        registering.register(thing)
