"""Secrets are not taken from the command line, and the way to give them is told."""

import pytest
from click.testing import CliRunner

from modelwarden.cli import cli
from modelwarden.commands.removed import VARIABLES
from modelwarden.errors import UserError


@pytest.mark.parametrize("flag", VARIABLES)
def test_a_secret_is_refused_unseen(flag: str) -> None:
    result = CliRunner().invoke(cli, ["scan", "x.pkl", flag, "s3cret-value"], standalone_mode=False)
    assert isinstance(result.exception, UserError)
    assert VARIABLES[flag] in str(result.exception)
    assert "s3cret-value" not in str(result.exception) + result.output


def test_none_of_them_is_offered() -> None:
    text = CliRunner().invoke(cli, ["scan", "--help-all"]).stdout
    assert not [flag for flag in VARIABLES if flag in text]
