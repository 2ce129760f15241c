"""What a run is called in Azure Pipelines, from the variables of a real build (names and shapes; the values are made up)."""

import pytest

from modelwarden.ci.azure import run
from modelwarden.errors import UserError

BUILD = {
    "TF_BUILD": "True",
    "SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/",
    "SYSTEM_TEAMPROJECTID": "11111111-1111-1111-1111-111111111111",
    "SYSTEM_DEFINITIONID": "1234",
    "BUILD_DEFINITIONNAME": "nightly models",
    "SYSTEM_PHASEID": "3a3a2a60-14c7-570b-14a4-fa42ad92f52a",
    "SYSTEM_PHASENAME": "Scan",
    "BUILD_SOURCEBRANCH": "refs/heads/main",
    "BUILD_BUILDID": "98765",
}


def test_the_id_and_the_properties() -> None:
    made = run(BUILD)
    assert made is not None
    assert made.id == (
        "azuredevops/pipeline/build/acme/11111111-1111-1111-1111-111111111111/1234/"
        "3a3a2a60-14c7-570b-14a4-fa42ad92f52a/refs/heads/main/98765"
    )
    assert made.properties == {
        "azuredevops/pipeline/build/buildDefinitionId": "1234",
        "azuredevops/pipeline/build/buildDefinitionName": "nightly models",
        "azuredevops/pipeline/build/phaseId": "3a3a2a60-14c7-570b-14a4-fa42ad92f52a",
        "azuredevops/pipeline/build/phaseName": "Scan",
    }


@pytest.mark.parametrize(
    ("address", "organisation"),
    [
        ("https://dev.azure.com/acme", "acme"),
        ("https://acme.visualstudio.com/", "acme"),
        ("https://vsrm.dev.azure.com/acme/", "acme"),
        ("https://acme.vsrm.visualstudio.com/", "acme"),
    ],
)
def test_every_form_of_the_services_address(address: str, organisation: str) -> None:
    made = run({**BUILD, "SYSTEM_COLLECTIONURI": address})
    assert made is not None
    assert made.id.split("/")[3] == organisation


def test_other_variables_stand_in() -> None:
    names = {"SYSTEM_PHASEID": "SYSTEM_JOBID", "SYSTEM_PHASENAME": "SYSTEM_JOBNAME"}
    assert run({names.get(name, name): value for name, value in BUILD.items()}) == run(BUILD)
    assert run({**BUILD, "BUILD_DEFINITIONID": "7"}) != run(BUILD)


def test_a_short_branch_is_written_in_full() -> None:
    assert run({**BUILD, "BUILD_SOURCEBRANCH": "main"}) == run(BUILD)


@pytest.mark.parametrize(
    "environment",
    [{}, {**BUILD, "TF_BUILD": ""}, {**BUILD, "TF_BUILD": "False"}, {"TF_BUILD": "True", "PATH": "/bin"}],
)
def test_there_is_no_name_outside_a_pipeline(environment: dict[str, str]) -> None:
    assert run(environment) is None


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SYSTEM_COLLECTIONURI", "https://tfs.example.org/acme/"),
        ("SYSTEM_COLLECTIONURI", "https://dev.azure.com/"),
        ("SYSTEM_TEAMPROJECTID", "models"),
        ("SYSTEM_DEFINITIONID", "0"),
        ("SYSTEM_DEFINITIONID", "one"),
        ("SYSTEM_PHASEID", "00000000-0000-0000-0000-000000000000"),
        ("SYSTEM_PHASENAME", "a\x1bb"),
        ("BUILD_DEFINITIONNAME", " "),
        ("BUILD_SOURCEBRANCH", "refs/heads/a b"),
        ("BUILD_BUILDID", ""),
    ],
)
def test_half_a_name_is_refused_since_the_service_would_drop_the_run(variable: str, value: str) -> None:
    with pytest.raises(UserError, match=r"the azure profile needs \w+"):
        run({**BUILD, variable: value})
