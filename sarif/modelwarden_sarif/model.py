"""Factories for the part of SARIF 2.1.0 that we write, over the classes of sarif-om.

The only importer of `sarif_om`, which has no types of its own (`sarif/typings`) and takes a while to import. Texts are taken as
they are, apart from the length limits: sanitise them first.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, TypeAlias

import sarif_om as om

from modelwarden_sarif.limits import MAX_DESCRIPTION, MAX_HELP_URI, MAX_MESSAGE, MAX_NAME, first_tags
from modelwarden_sarif.lines import Extent
from modelwarden_sarif.sanitise import ELLIPSIS
from modelwarden_sarif.uris import SRCROOT

Level: TypeAlias = Literal["note", "warning", "error"]
Precision: TypeAlias = Literal["low", "medium", "high", "very-high"]

Rule: TypeAlias = om.ReportingDescriptor
Artifact: TypeAlias = om.Artifact
Location: TypeAlias = om.Location
Result: TypeAlias = om.Result
Notification: TypeAlias = om.Notification
Automation: TypeAlias = om.RunAutomationDetails

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SEMANTIC_VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


def make_rule(
    *,
    rule_id: str,
    name: str,
    summary: str,
    description: str,
    help_text: str,
    help_markdown: str,
    help_uri: str,
    level: Level,
    cwe: Sequence[int] = (),
    tags: Sequence[str] = (),
    precision: Precision | None = None,
    security_severity: float | None = None,
) -> Rule:
    """A rule, or the descriptor of a notification (which has neither precision nor severity).

    `security_severity` is a score as CVSS has them; GitHub wants it as a string and refuses a log with anything else. CWE numbers
    become relationships and tags. Raises ValueError for a score outside (0, 10] and for a help URI over the limit.
    """
    if security_severity is not None and not 0.0 < security_severity <= 10.0:
        raise ValueError(f"security severity {security_severity} is outside (0, 10]")
    if len(help_uri) > MAX_HELP_URI:
        raise ValueError(f"help URI of {len(help_uri)} characters")
    properties: dict[str, object] = {}
    all_tags = first_tags([*tags, *(tag for number in cwe for tag in _cwe_tags(number))])
    if all_tags:
        properties["tags"] = all_tags
    if precision is not None:
        properties["precision"] = precision
    if security_severity is not None:
        properties["security-severity"] = f"{security_severity:.1f}"
    return om.ReportingDescriptor(
        id=rule_id,
        name=_cut(name, MAX_NAME),
        short_description=om.MultiformatMessageString(text=_cut(summary, MAX_DESCRIPTION)),
        full_description=om.MultiformatMessageString(text=_cut(description, MAX_DESCRIPTION)),
        help=om.MultiformatMessageString(text=help_text, markdown=help_markdown),
        help_uri=help_uri,
        default_configuration=om.ReportingConfiguration(level=level),
        relationships=[_cwe_relationship(number) for number in cwe] or None,
        properties=properties or None,
    )


def make_driver(
    *,
    name: str,
    version: str,
    information_uri: str,
    rules: Sequence[Rule],
    notifications: Sequence[Rule],
) -> om.ToolComponent:
    """The tool itself. `version` is repeated as the semantic version when it is one."""
    return om.ToolComponent(
        name=name,
        full_name=f"{name} {version}",
        organization=name,
        version=version,
        semantic_version=version if _SEMANTIC_VERSION.fullmatch(version) else None,
        information_uri=information_uri,
        rules=rules,
        notifications=notifications,
    )


def make_artifact(*, uri: str, length: int | None = None, sha256: str = "") -> Artifact:
    """A file that was analysed: `length` in bytes and the SHA-256 in hex, when they are known."""
    return om.Artifact(
        location=om.ArtifactLocation(uri=uri, uri_base_id=_base(uri)),
        length=-1 if length is None else length,
        roles=["analysisTarget"],
        hashes={"sha-256": sha256} if sha256 else None,
    )


def make_location(
    *,
    uri: str,
    index: int | None = None,
    member: str = "",
    qualified_member: str = "",
    extent: Extent | None = None,
) -> Location:
    """A whole file, a part of it, or a `member` inside a container.

    `index` is the file's place in the run's artifacts. `qualified_member` names the member with everything around it. With an
    `extent` GitHub's uploader reads the file as text, whatever it is. An absolute `uri` has a scheme.
    """
    artifact = om.ArtifactLocation(uri=uri, uri_base_id=_base(uri), index=-1 if index is None else index)
    region = None
    if extent is not None:
        region = om.Region(
            start_line=extent.start_line,
            start_column=extent.start_column,
            end_line=extent.end_line,
            end_column=extent.end_column,
        )
    logical = None
    if member:
        logical = [
            om.LogicalLocation(name=member, fully_qualified_name=qualified_member or member, kind="member")
        ]
    return om.Location(
        physical_location=om.PhysicalLocation(artifact_location=artifact, region=region),
        logical_locations=logical,
    )


def make_result(
    *,
    rule_id: str,
    rule_index: int,
    level: Level,
    message: str,
    location: Location,
    fingerprints: Mapping[str, str],
    count: int = 1,
    justification: str | None = None,
    properties: Mapping[str, object] | None = None,
) -> Result:
    """A result in exactly one place: one without any makes GitHub refuse the whole log.

    `justification`: why it is accepted and does not count; None when it does.
    """
    # Not sarif-om's Suppression, which has the `state` of a draft where the standard has `status`.
    accepted = {"kind": "external", "status": "accepted", "justification": justification}
    return om.Result(
        rule_id=rule_id,
        rule_index=rule_index,
        level=level,
        message=om.Message(text=_cut(message, MAX_MESSAGE)),
        locations=[location],
        partial_fingerprints=dict(fingerprints),
        occurrence_count=count if count > 1 else None,
        suppressions=None if justification is None else [accepted],
        properties=dict(properties) if properties else None,
    )


def make_notification(
    *,
    descriptor_id: str,
    descriptor_index: int,
    level: Level,
    message: str,
    location: Location | None = None,
) -> Notification:
    """Something of the run itself; `descriptor_index` points into the driver's `notifications`."""
    return om.Notification(
        descriptor=om.ReportingDescriptorReference(id=descriptor_id, index=descriptor_index),
        level=level,
        message=om.Message(text=_cut(message, MAX_MESSAGE)),
        locations=[location] if location is not None else None,
    )


def make_invocation(
    *,
    exit_code: int,
    notifications: Sequence[Notification],
    started: datetime | None = None,
    ended: datetime | None = None,
    finished: bool = True,
) -> om.Invocation:
    """A run that made a report. When it `finished` it counts as successful whatever it found: GitHub drops an unsuccessful one.

    Raises ValueError for a time without a zone.
    """
    return om.Invocation(
        execution_successful=finished,
        exit_code=exit_code,
        start_time_utc=_utc(started),
        end_time_utc=_utc(ended),
        tool_execution_notifications=notifications,
    )


def make_automation(*, automation_id: str, properties: Mapping[str, object] | None = None) -> Automation:
    """What the run is called. What GitHub takes for its category is everything before the last slash of the id."""
    return om.RunAutomationDetails(id=automation_id, properties=dict(properties) if properties else None)


def make_log(
    *,
    driver: om.ToolComponent,
    automation: Automation | None,
    invocation: om.Invocation,
    artifacts: Sequence[Artifact],
    results: Sequence[Result],
    properties: Mapping[str, object] | None = None,
) -> om.SarifLog:
    """A log of one run."""
    return om.SarifLog(
        version="2.1.0",
        schema_uri=SCHEMA,
        runs=[
            om.Run(
                tool=om.Tool(driver=driver),
                automation_details=automation,
                column_kind="utf16CodeUnits",
                original_uri_base_ids={
                    SRCROOT: om.ArtifactLocation(description=om.Message(text="The top of the repository."))
                },
                invocations=[invocation],
                artifacts=artifacts,
                results=results,
                properties=dict(properties) if properties else None,
            )
        ],
    )


def _base(uri: str) -> str | None:
    """A colon in a relative URI's first part is percent-encoded, so what has a scheme shows it."""
    return None if uri.startswith("file:") else SRCROOT


def _cwe_tags(number: int) -> tuple[str, str]:
    """As CodeQL writes them (three digits at least), and as GitLab reads them."""
    return f"external/cwe/cwe-{number:03d}", f"cwe-{number}"


def _cwe_relationship(number: int) -> om.ReportingDescriptorRelationship:
    target = om.ReportingDescriptorReference(
        id=str(number), tool_component=om.ToolComponentReference(name="CWE")
    )
    return om.ReportingDescriptorRelationship(target=target, kinds=["superset"])


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - len(ELLIPSIS)] + ELLIPSIS


def _utc(time: datetime | None) -> str | None:
    if time is None:
        return None
    if time.tzinfo is None:
        raise ValueError("a time without a zone")
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
