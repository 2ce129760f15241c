"""Zstandard: `.zst` of any file, container layers, and what pandas and joblib's users write; the loaders unpickle what comes out.

An attacker uses it because few scanners can read it. Specification: RFC 8878. Needs Python 3.14 or the package `zstandard`.

Checked: what comes out, every frame of a file, what stands behind them, and the checksum where one is stated.

Not checked: frames that need a dictionary kept elsewhere or a window of more than 128 MiB end as malformed. Without a
decompressor the whole file is reported as not inspected.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall

_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"


def _recognise(head: Head) -> bool:
    if not (head.start.startswith(_MAGIC) or head.start[1:4] == _SKIPPABLE):
        return False
    from modelwarden.parsing.zstd import after_skippable, is_frame

    return is_frame(head.source.read(after_skippable(head.source), 9))


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.wrapper import Wrapper
    from modelwarden.parsing.zstd import HINT, ZstdFrame, decompressor
    from modelwarden.source.inflate import Corrupt, Stream

    make = decompressor()
    if make is None:
        yield Gap(Shortfall.UNSUPPORTED, HINT)
        return

    def begin(packed: ByteSource, offset: int) -> Stream | None:
        try:
            return ZstdFrame(packed, offset, make)
        except (ValueError, Corrupt):
            return None

    wrapper = Wrapper(name="zstd", begin=begin, suffixes={".zst": "", ".zstd": "", ".tzst": ".tar"})
    yield from wrapper.observe(source, scope)


FORMAT = Format(
    name="zstd",
    title="Zstandard wrapper",
    suffixes=(),
    ambiguous_suffixes=(".zst",),
    recognise=_recognise,
    observe=_observe,
)
