"""What programs use of us: `modelwarden.scan` and `modelwarden.register`."""

import os
from collections.abc import Sequence
from typing import TypeAlias

from modelwarden.domain.format import Format
from modelwarden.domain.policy import Policy
from modelwarden.domain.report import Report
from modelwarden.domain.settings import Settings
from modelwarden.engine import scan as engine
from modelwarden.plugins import registering
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
    report = engine.scan([os.fspath(path) for path in named], settings)
    judged, _ = Triage((), None, settings, record=False, identify=True).judge(report)
    return judged


def register(thing: Format | Policy | Reporter) -> None:
    """Add a format, a policy or a reporter to this program, or to the plug-in that is being loaded.

    Raises ValueError for a name that is taken, and TypeError for anything else.
    """
    if isinstance(thing, Reporter):
        reporters.register(thing)
    else:
        registering.register(thing)
