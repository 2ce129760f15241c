"""Where a run stands in Azure Pipelines: the name its results bear in GitHub Advanced Security for Azure DevOps.

From the predefined variables: https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables. The service parses the id
and drops a run whose properties are missing or malformed (rules GHAzDO1019 and GHAzDO1020 of sarif-multitool, whose
`AdoPipelineContext` reads the same variables).
"""

import re
from collections.abc import Mapping

from modelwarden.errors import UserError
from modelwarden.reports.profile import Run

_PREFIX = "azuredevops/pipeline/build/"
_GUID = r"(?!0{8}-)[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NUMBER = r"[1-9][0-9]{0,9}"
_TEXT = r"[^\x00-\x1f\x7f]{1,255}"
_SERVICE = re.compile(
    r"https://(?:(?:vsrm\.)?dev\.azure\.com/([^/\s]+)|([^./\s]+)(?:\.vsrm)?\.visualstudio\.com)(?:/.*)?"
)

_WANTED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "organisation": (("SYSTEM_COLLECTIONURI",), _SERVICE.pattern),
    "project": (("SYSTEM_TEAMPROJECTID",), _GUID),
    "buildDefinitionId": (("BUILD_DEFINITIONID", "SYSTEM_DEFINITIONID"), _NUMBER),
    "buildDefinitionName": (("BUILD_DEFINITIONNAME",), _TEXT),
    "phaseId": (("SYSTEM_PHASEID", "SYSTEM_JOBID"), _GUID),
    "phaseName": (("SYSTEM_PHASENAME", "SYSTEM_JOBNAME"), _TEXT),
    "branch": (("BUILD_SOURCEBRANCH",), r"[^\s\x00-\x1f\x7f]{1,500}"),
    "build": (("BUILD_BUILDID",), _NUMBER),
}
"""What is needed: the variables it may be in, first come first, and what it must look like."""


def run(environment: Mapping[str, str]) -> Run | None:
    """The run's name; None outside a pipeline. Raises UserError for a pipeline that says only a part of it."""
    if environment.get("TF_BUILD", "").strip().lower() not in ("true", "1"):
        return None
    found = {
        name: next((value for each in variables if (value := environment.get(each, "").strip())), "")
        for name, (variables, _) in _WANTED.items()
    }
    if not any(found.values()):
        return None
    wrong = [
        variables[0]
        for name, (variables, shape) in _WANTED.items()
        if re.fullmatch(shape, found[name]) is None
    ]
    if wrong:
        raise UserError(
            f"the azure profile needs {', '.join(wrong)}, which the pipeline does not set, or not as usual"
        )
    service = _SERVICE.fullmatch(found["organisation"])
    organisation = (service[1] or service[2]) if service else ""
    branch = found["branch"] if found["branch"].startswith("refs/") else f"refs/heads/{found['branch']}"
    place = (
        organisation,
        found["project"],
        found["buildDefinitionId"],
        found["phaseId"],
        branch,
        found["build"],
    )
    told = ("buildDefinitionId", "buildDefinitionName", "phaseId", "phaseName")
    return Run(id=_PREFIX + "/".join(place), properties={_PREFIX + name: found[name] for name in told})
