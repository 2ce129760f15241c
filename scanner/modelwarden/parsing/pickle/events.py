"""What the machine tells: facts, constants to look into, and how a stream ended."""

from typing import Literal, TypeAlias

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Observation
from modelwarden.domain.record import record


@record
class Embedded:
    """A bytes constant that starts like something a loader would read.

    `span` is its payload in the source, `data` the bytes themselves where they stand there in another spelling. `loaded`: a
    loader is called on it that reads it as a pickle or an archive, whatever it starts with.
    """

    span: Span
    data: bytes | None = None
    loaded: bool = False


Event: TypeAlias = Observation | Embedded


class Broken(Exception):
    """The loader would raise here; what came before has run."""


@record
class Ending:
    """How a stream ended; `offset` is where the next byte stands, or the opcode at which the stream is broken."""

    how: Literal["stop", "broken", "limit"]
    offset: int
    reason: str = ""
