"""Types for the few classes of sarif-om 1.0.4 that we write; the package itself has none."""
# ruff: noqa: A002 - the names are the package's

from collections.abc import Mapping, Sequence

class Message:
    text: str | None
    def __init__(self, *, text: str | None = None) -> None: ...

class MultiformatMessageString:
    text: str
    def __init__(self, *, text: str, markdown: str | None = None) -> None: ...

class ArtifactLocation:
    uri: str | None
    def __init__(
        self,
        *,
        uri: str | None = None,
        uri_base_id: str | None = None,
        index: int = -1,
        description: Message | None = None,
    ) -> None: ...

class Region:
    def __init__(
        self,
        *,
        start_line: int | None = None,
        start_column: int | None = None,
        end_line: int | None = None,
        end_column: int | None = None,
    ) -> None: ...

class PhysicalLocation:
    def __init__(self, *, artifact_location: ArtifactLocation, region: Region | None = None) -> None: ...

class LogicalLocation:
    def __init__(self, *, name: str, fully_qualified_name: str, kind: str) -> None: ...

class Location:
    def __init__(
        self,
        *,
        physical_location: PhysicalLocation,
        logical_locations: Sequence[LogicalLocation] | None = None,
    ) -> None: ...

class Artifact:
    location: ArtifactLocation
    def __init__(
        self,
        *,
        location: ArtifactLocation,
        length: int = -1,
        roles: Sequence[str] | None = None,
        hashes: Mapping[str, str] | None = None,
    ) -> None: ...

class ReportingConfiguration:
    def __init__(self, *, level: str) -> None: ...

class ToolComponentReference:
    def __init__(self, *, name: str) -> None: ...

class ReportingDescriptorReference:
    def __init__(
        self, *, id: str, index: int = -1, tool_component: ToolComponentReference | None = None
    ) -> None: ...

class ReportingDescriptorRelationship:
    def __init__(self, *, target: ReportingDescriptorReference, kinds: Sequence[str]) -> None: ...

class ReportingDescriptor:
    id: str
    def __init__(
        self,
        *,
        id: str,
        name: str,
        short_description: MultiformatMessageString,
        full_description: MultiformatMessageString,
        help: MultiformatMessageString,
        help_uri: str,
        default_configuration: ReportingConfiguration,
        relationships: Sequence[ReportingDescriptorRelationship] | None = None,
        properties: Mapping[str, object] | None = None,
    ) -> None: ...

class ToolComponent:
    def __init__(
        self,
        *,
        name: str,
        full_name: str,
        organization: str,
        version: str,
        semantic_version: str | None = None,
        information_uri: str,
        rules: Sequence[ReportingDescriptor],
        notifications: Sequence[ReportingDescriptor] | None = None,
    ) -> None: ...

class Tool:
    def __init__(self, *, driver: ToolComponent) -> None: ...

class Notification:
    def __init__(
        self,
        *,
        message: Message,
        level: str,
        descriptor: ReportingDescriptorReference | None = None,
        locations: Sequence[Location] | None = None,
    ) -> None: ...

class Invocation:
    def __init__(
        self,
        *,
        execution_successful: bool,
        exit_code: int,
        start_time_utc: str | None = None,
        end_time_utc: str | None = None,
        tool_execution_notifications: Sequence[Notification],
    ) -> None: ...

class Result:
    def __init__(
        self,
        *,
        rule_id: str,
        rule_index: int,
        level: str,
        message: Message,
        locations: Sequence[Location],
        partial_fingerprints: Mapping[str, str],
        occurrence_count: int | None = None,
        suppressions: Sequence[Mapping[str, str | None]] | None = None,
        properties: Mapping[str, object] | None = None,
    ) -> None: ...

class RunAutomationDetails:
    def __init__(self, *, id: str, properties: Mapping[str, object] | None = None) -> None: ...

class Run:
    def __init__(
        self,
        *,
        tool: Tool,
        automation_details: RunAutomationDetails | None = None,
        column_kind: str | None = None,
        original_uri_base_ids: Mapping[str, ArtifactLocation],
        invocations: Sequence[Invocation],
        artifacts: Sequence[Artifact],
        results: Sequence[Result],
        properties: Mapping[str, object] | None = None,
    ) -> None: ...

class SarifLog:
    def __init__(self, *, runs: Sequence[Run], version: str, schema_uri: str) -> None: ...
