"""TorchScript code: what `torch.jit` compiled a model's functions to, as text that looks like Python and is none.

It cannot import anything; it can call any operator of torch, and a few of them read and write files (`torch.save`,
`torch.from_file`) or belong to libraries that the loader must bring along. Upstream: `torch/csrc/jit/serialization`.

Checked: Every call of an operator, by name, against those that touch files or come from a library the loader must bring along.

Not checked: What the code computes; what an operator of an unknown library does; text beyond 4 MiB, which is reported.
"""

import re
from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.parsing.torchscript import operators

_BEGINNING: Final = re.compile(rb"(?:\s|#[^\n]*+\n)*+(?:op_version_set\s*=|class\s+\w+\s*\(|def\s+\w+\s*\()")
_OWN_WORDS: Final = re.compile(
    rb"\b(?:op_version_set|__parameters__|__torch__|Tensor|torch|ops)\b|\(Module\)"
)
_IMPORT: Final = re.compile(rb"^(?:import|from)\s", re.MULTILINE)
"""No statement of TorchScript; of nearly every Python file the first."""


def _recognise(head: Head) -> bool:
    return (
        head.suffix == ".py"
        and _BEGINNING.match(head.start) is not None
        and _OWN_WORDS.search(head.start) is not None
        and _IMPORT.search(head.start) is None
    )


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    ceiling = scope.budget.limits.text_bytes // 4  # a detector of a hundred layers takes about 1 MiB
    yield from operators(source.read(0, ceiling))
    if source.size > ceiling:
        detail = f"of {source.size:,} bytes of code the first {ceiling:,} were read"
        yield Gap(Shortfall.LIMIT, detail, Span(ceiling, source.size - ceiling))


FORMAT = Format(
    name="torchscript-code",
    title="TorchScript code",
    suffixes=(),
    recognise=_recognise,
    observe=_observe,
)
