"""Git LFS pointer: a small text that stands where a model should be, because the model was never fetched.

Specification: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md

Checked: That a pointer stands where a model should be, which makes the scan incomplete.

Not checked: The model: it is not there. Nothing is fetched.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall

_FIRST_LINE = b"version https://git-lfs.github.com/spec/v"
_LARGEST = 1024
"""The specification: a pointer is smaller than this."""


def _recognise(head: Head) -> bool:
    return head.size < _LARGEST and head.start.startswith(_FIRST_LINE)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    yield Gap(
        Shortfall.ABSENT, "this is a Git LFS pointer, not the model itself: run `git lfs pull` and scan again"
    )


FORMAT = Format(name="git-lfs", title="Git LFS pointer", suffixes=(), recognise=_recognise, observe=_observe)
