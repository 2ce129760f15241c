"""A location is judged by the worse of its two readings, on POSIX and on Windows."""

import pytest

from modelwarden.domain.location import climbs


@pytest.mark.parametrize(
    "location", ["../x", "a/../../x", "a\\..\\..\\x", "a/.. /../x", "..", "a/b/../../../c/d/e"]
)
def test_a_location_that_leads_above_its_start_climbs(location: str) -> None:
    assert climbs(location)


@pytest.mark.parametrize("location", ["", "x", "a/../x", "a/b/../../x", "./a/./b", "..x/y", "a/...", "a//b"])
def test_a_location_that_stays_below_does_not(location: str) -> None:
    assert not climbs(location)
