"""A judgement in its place, and the same for what was not read."""

from enum import StrEnum

from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.record import record
from modelwarden.domain.rule import Rule


class Grounds(StrEnum):
    """Why a finding does not count."""

    IGNORED = "ignored"
    """the user's configuration says so"""
    KNOWN = "known"
    """it stands in the baseline"""
    ALLOWED = "allowed"
    """the user vouches for what nobody here knows"""


@record(kw_only=True)
class Suppression:
    """A finding that is kept in the report and does not count: on which grounds, and the reason that was given for it."""

    grounds: Grounds
    justification: str


@record(kw_only=True)
class Finding:
    """One problem. `span` is the first of `count` places within the artifact `path`; `format` is the reader's name.

    `argument` and `family` come from the judgement (`Judgement`); `opcode` is how a pickle does it, or empty. `variants`: a
    digest of all arguments when some of the other places have another one, else empty. `fingerprint`: 64 hex digits that stay
    the same from run to run, empty until the scan is over (`triage.identity`). `suppression`: why it does not count, or None.
    """

    rule: Rule
    path: ArtifactPath
    subject: str
    message: str
    span: Span
    format: str
    argument: str = ""
    family: str = ""
    opcode: str = ""
    count: int = 1
    variants: str = ""
    fingerprint: str = ""
    suppression: Suppression | None = None


@record(kw_only=True)
class Note:
    """Something of the scan itself (a 9xx rule): what was not read, and why. Makes the result incomplete, never a finding."""

    rule: Rule
    path: ArtifactPath
    message: str
