"""RAR archives, which are recognised and not opened: nothing free can be trusted with hostile ones in this process.

People unpack a RAR and load what was in it, so that silence would be wrong. Specifications: technote.txt of RAR 4,
https://www.rarlab.com/technote.htm (RAR 5).

Checked: nothing but the signature.

Not checked: everything inside. The file is reported as not inspected.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall

_SIGNATURES = (b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"RE\x7e\x5e")
"""RAR 1.5 to 4, RAR 5, and RAR before 1.5."""


def _recognise(head: Head) -> bool:
    return head.start.startswith(_SIGNATURES) and head.size > 20


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    yield Gap(
        Shortfall.UNSUPPORTED,
        "it is a RAR archive, which is not opened here: unpack it and scan what it holds",
    )


FORMAT = Format(
    name="rar",
    title="RAR archive (not opened)",
    suffixes=(".rar",),
    recognise=_recognise,
    observe=_observe,
)
