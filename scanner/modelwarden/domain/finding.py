"""A judgement in its place, and the same for what was not read."""

from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.record import record
from modelwarden.domain.rule import Rule


@record(kw_only=True)
class Finding:
    """One problem. `span` is the first of `count` places within the artifact `path`; `format` is the reader's name.

    `argument` and `family` come from the judgement (`Judgement`); `opcode` is how a pickle does it, or empty. `varied`:
    some of the other places have another argument.
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
    varied: bool = False


@record(kw_only=True)
class Note:
    """Something of the scan itself (a 9xx rule): what was not read, and why. Makes the result incomplete, never a finding."""

    rule: Rule
    path: ArtifactPath
    message: str
