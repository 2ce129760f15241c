"""Headers that end early or lie: what they said before is told, and who reads the format reports the rest."""

from collections.abc import Callable, Iterator
from struct import error as struct_error
from typing import Concatenate, ParamSpec, TypeAlias

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import ByteSource
from modelwarden.domain.observation import Property
from modelwarden.parsing.cursor import PastEnd
from modelwarden.parsing.flatbuffers import MalformedBuffer
from modelwarden.parsing.protobuf import MalformedMessage

P = ParamSpec("P")
Reader: TypeAlias = Callable[Concatenate[ByteSource, P], Iterator[Property]]


def tolerant(read: Reader[P]) -> Reader[P]:
    """The reader, ending without an error where the bytes make no sense."""

    def guarded(source: ByteSource, /, *given: P.args, **named: P.kwargs) -> Iterator[Property]:
        try:
            yield from read(source, *given, **named)
        except (
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            RecursionError,
            OverflowError,
            struct_error,
            LimitReached,
            PastEnd,
            MalformedBuffer,
            MalformedMessage,
        ):
            return

    return guarded
