"""Adding formats and policies to those that come with the program."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from modelwarden import formats, policies
from modelwarden.domain.format import Format
from modelwarden.domain.policy import Policy
from modelwarden.plugins.checks import check_format, check_policy, checked_format, checked_policy

_LOADING: ContextVar[str] = ContextVar("plug-in that is being loaded", default="")


@contextmanager
def loading(plugin: str) -> Generator[None]:
    """What is registered within belongs to a plug-in; all of it is forgotten when its loading fails."""
    token = _LOADING.set(plugin)
    try:
        yield
    except BaseException:
        formats.ADDED.forget(plugin)
        policies.ADDED.forget(plugin)
        raise
    finally:
        _LOADING.reset(token)


def register(thing: object) -> None:
    """Add a format or a policy to every scan from now on. Raises ValueError for names that are taken, TypeError."""
    if isinstance(thing, Format):
        check_format(thing)
        formats.ADDED.add(thing.name, checked_format(thing), _LOADING.get())
    elif isinstance(thing, Policy):
        check_policy(thing)
        policies.ADDED.add(thing.rule.id, checked_policy(thing), _LOADING.get())
    else:
        raise TypeError(f"a {type(thing).__name__} is neither a Format nor a Policy")


def unregister(thing: Format | Policy) -> None:
    """Take it back. Raises KeyError when it is not there."""
    if isinstance(thing, Format):
        formats.ADDED.remove(thing.name)
    else:
        policies.ADDED.remove(thing.rule.id)
