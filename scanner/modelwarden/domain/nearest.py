"""What somebody probably meant who wrote something else."""

from collections.abc import Iterable


def nearest(given: str, known: Iterable[str]) -> str:
    """The name in `known`, of which there is at least one, that is most like `given`."""
    from difflib import get_close_matches  # for a wrong name alone

    return get_close_matches(given, [*known], n=1, cutoff=0.0)[0]
