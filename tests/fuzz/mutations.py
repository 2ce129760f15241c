"""Every sample model, damaged on purpose in named ways, through the real engine.

    python -m tests.fuzz.mutations [--samples N] [--rounds N] [--seconds S] [FORMAT …]

Nothing may make a reader fail (MW905), and nothing may take long. The same arguments always make the same files, so a name such
as `keras/mlp.keras huge-4@118` is all that a report needs. `tests/test_mutations.py` runs a few of them.
"""

import argparse
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Head, Scope
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.observation import Gap
from modelwarden.domain.settings import Settings
from modelwarden.engine.identify import identify
from modelwarden.engine.judge import Judge
from modelwarden.engine.scan import scan
from modelwarden.formats import FORMATS
from modelwarden.policies import HARMLESS, STATEFUL
from modelwarden.policies.tables.known import is_notable
from modelwarden.source.memory import MemorySource

CORPUS = Path(__file__).parent.parent / "corpus"
LARGEST = 64 << 10
MEMORY = 3 << 30
READER_FAILED = "MW905"
_SIXTEENTHS = 16
_NUMBERS = {
    "huge-4": b"\xff\xff\xff\xff",
    "huge-4-signed": b"\xff\xff\xff\x7f",
    "huge-8": b"\xff" * 8,
    "huge-8-signed": b"\xff" * 7 + b"\x7f",
    "huge-big-endian": b"\x7f\xff\xff\xff",
    "huge-varint": b"\xff" * 9 + b"\x01",
    "zero-8": bytes(8),
    "one-4": b"\x01\x00\x00\x00",
}


_OPENERS = {
    "brackets": b"[",
    "braces": b"{",
    "parentheses": b"(",
    "objects": b'{"a":',
    "sequences": b"- ",
    "tags": b"!!python/tuple [",
    "anchors": b"&a [*a, ",
    "blocks": b"{% if (a.",
    "messages": b"\x0a\xff\xff\x03",
    "groups": b"\x0b",
    "arrays": b"\x09\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00",
}
"""What opens something in the grammars we read."""


class Sample(NamedTuple):
    """A file of the corpus, or a member of one. `expected`: the format as which its container has it read."""

    name: str
    data: bytes
    expected: str = ""


class Outcome(NamedTuple):
    """What came of one damaged file."""

    name: str
    failures: tuple[str, ...]
    seconds: float


@cache
def samples() -> dict[str, list[Sample]]:
    """All samples by format, the smallest first; members of containers only for formats that are no files of their own."""
    found: dict[str, list[Sample]] = defaultdict(list)
    files = [path for path in CORPUS.glob("*/*/**/*") if path.is_file()]
    everything = [Sample(path.relative_to(CORPUS).as_posix(), path.read_bytes()) for path in files]
    for sample in everything:
        for form in formats_of(sample):
            found[form].append(sample)
    wanted = {form.name for form in FORMATS} - found.keys()
    for sample in everything if wanted else ():
        for member in members_of(sample):
            for form in wanted.intersection(formats_of(member)):
                found[form].append(member)
    return {name: sorted(of_one, key=lambda one: (len(one.data), one.name)) for name, of_one in found.items()}


def formats_of(sample: Sample) -> list[str]:
    """The names of the formats that a sample is."""
    head = Head(MemorySource(sample.data), ArtifactPath(sample.name).suffix)
    return [form.name for form in identify(head, sample.expected)]


def members_of(sample: Sample, depth: int = 3) -> Iterator[Sample]:
    """What is packed inside, and inside of that."""
    source = MemorySource(sample.data)
    scope = Scope(Budget(Limits(members=1000)), name=ArtifactPath(sample.name).name)
    for form in identify(Head(source, ArtifactPath(sample.name).suffix), sample.expected):
        try:
            for fact in form.observe(source, scope):
                if isinstance(fact, Child) and 0 < fact.source.size <= LARGEST:
                    name = f"{sample.name}!{fact.member}"
                    member = Sample(name, fact.source.read(0, LARGEST), fact.expected)
                    yield member
                    if depth > 1:
                        yield from members_of(member, depth - 1)
        except LimitReached:
            pass


def mutations(data: bytes, other: bytes, rounds: int, seed: str) -> Iterator[tuple[str, bytes]]:
    """`data` cut off at every sixteenth, overwritten, joined with `other`, and `rounds` times each of the random ones."""
    for part in range(1, _SIXTEENTHS):
        yield f"cut-{part}/{_SIXTEENTHS}", data[: len(data) * part // _SIXTEENTHS]
    yield "cut-last", data[:-1]
    yield "without-first", data[1:]
    yield "twice", data + data
    yield "before-other", data + other
    yield "behind-other", other + data
    yield "spliced", data[: len(data) // 2] + other[len(other) // 2 :]
    random = Random(seed)
    for name, opener in _OPENERS.items():
        at = _place(random, len(data))
        yield f"{name}@{at}", data[:at] + opener * (LARGEST // len(opener)) + data[at:]
    for _ in range(rounds):
        at = _place(random, len(data))
        yield f"flip@{at}", data[:at] + bytes((data[at] ^ 1 << random.randrange(8),)) + data[at + 1 :]
        at = _place(random, len(data))
        yield f"random@{at}", data[:at] + random.randbytes(1) + data[at + 1 :]
        at, length = _place(random, len(data)), random.randint(1, 32)
        yield f"remove-{length}@{at}", data[:at] + data[at + length :]
        yield f"repeat-{length}@{at}", data[: at + length] + data[at:]
        name = random.choice(sorted(_NUMBERS))
        at = _place(random, len(data))
        yield f"{name}@{at}", data[:at] + _NUMBERS[name] + data[at + len(_NUMBERS[name]) :]


def _place(random: Random, size: int) -> int:
    """Somewhere, and more often near the start and the end, where the structure is."""
    kind = random.randrange(4)
    if kind == 0:
        return random.randrange(min(size, 64))
    if kind == 1:
        return size - 1 - random.randrange(min(size, 256))
    return random.randrange(size)


def outcomes(form: str, folder: Path, count: int, rounds: int) -> Iterator[Outcome]:
    """Damage up to `count` samples of one format and scan what comes of them."""
    of_this = _spread(samples().get(form, []), count)
    for index, sample in enumerate(of_this):
        other = of_this[index - 1].data
        path = folder / re.sub(r"[^\w.-]", "_", re.split(r"[/!]", sample.name)[-1])[-80:]
        for name, data in mutations(sample.data, other, rounds, sample.name) if sample.data else ():
            started = time.process_time()
            failures = _read(form, data) if "!" in sample.name else _scan(path, data)
            yield Outcome(f"{sample.name} {name}", failures, time.process_time() - started)


def _scan(path: Path, data: bytes) -> tuple[str, ...]:
    """How the scan of a file with these bytes fails."""
    path.write_bytes(data)
    notes = scan([str(path)], Settings()).notes
    path.unlink()
    return tuple(note.message for note in notes if note.rule.id == READER_FAILED)


def _read(name: str, data: bytes) -> tuple[str, ...]:
    """How a reader fails with these bytes, whether it would recognise them or not."""
    form = next(form for form in FORMATS if form.name == name)
    judge = Judge()
    try:
        form.recognise(Head(MemorySource(data)))
        for fact in form.observe(MemorySource(data), Scope(Budget(), HARMLESS, STATEFUL, is_notable)):
            if not isinstance(fact, Child | Gap):
                judge.judge(fact)
    except LimitReached:
        pass
    except Exception as error:
        return (repr(error),)
    return ()


def _spread(of_one: list[Sample], count: int) -> list[Sample]:
    """At most `count` of them, evenly from the smallest to the largest."""
    return [of_one[index * len(of_one) // count] for index in range(count)] if len(of_one) > count else of_one


def main(arguments: list[str]) -> int:
    """Print what failed and what was slow; exit code 1 when something failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=50, help="of each format")
    parser.add_argument("--rounds", type=int, default=20, help="of the random mutations, for each sample")
    parser.add_argument("--seconds", type=float, default=2.0, help="what takes longer is told")
    parser.add_argument("formats", nargs="*", default=[form.name for form in FORMATS])
    asked = parser.parse_args(arguments)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # beyond it a reader fails
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for form in asked.formats:
            count, slowest = 0, Outcome("", (), 0.0)
            for outcome in outcomes(form, Path(folder), asked.samples, asked.rounds):
                count += 1
                slowest = max(slowest, outcome, key=lambda one: one.seconds)
                if outcome.failures or outcome.seconds > asked.seconds:
                    bad += bool(outcome.failures)
                    print(
                        f"  {outcome.name}: {outcome.seconds:.1f} s {' '.join(outcome.failures)}", flush=True
                    )
            print(f"{form}: {count} files, the slowest {slowest.seconds:.2f} s: {slowest.name}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
