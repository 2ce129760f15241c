"""How a SARIF log is to be shaped: for whom, and what the run is called there. Cheap to import, unlike what writes the log."""

from collections.abc import Mapping
from enum import StrEnum

from modelwarden.domain.record import record


class Profile(StrEnum):
    """Who reads the log."""

    GITHUB = "github"
    """code scanning: lines only in texts, nothing that is suppressed or lies outside the repository"""
    GITLAB = "gitlab"
    """a line for every result, since results of one rule and line are one there"""
    AZURE = "azure"
    """as for GitHub, and the run bears its pipeline's name"""
    GENERIC = "generic"
    """everything: suppressed findings with their justification, files outside the repository"""


@record(kw_only=True)
class Run:
    """What a run is called: the id of its `automationDetails`, and their properties."""

    id: str
    properties: Mapping[str, object]


@record(kw_only=True)
class Style:
    """Everything that shapes a SARIF log apart from what was found.

    `category` tells several logs of one repository apart. `run` is the pipeline's name for it where it has one, only used in the
    azure profile. `deterministic` leaves the times out. `region_always`: results without a line get the first one.
    """

    profile: Profile = Profile.GITHUB
    category: str = ""
    run: Run | None = None
    deterministic: bool = False
    region_always: bool = False
