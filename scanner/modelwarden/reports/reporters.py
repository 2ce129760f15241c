"""Reports that somebody else writes: found by name, and checked before a scan starts."""

from collections.abc import Callable
from typing import cast

from modelwarden.domain.record import record
from modelwarden.domain.registry import Registry
from modelwarden.errors import UserError
from modelwarden.reports.outcome import Outcome


class ReporterFailed(UserError):
    """A report could not be written; those of others have been."""

    exit_code = 2


@record
class Reporter:
    """`render` gets the whole outcome and returns the text of the report. Texts in it come from files that may be hostile."""

    name: str
    render: Callable[[Outcome], str]


_ADDED: Registry[Reporter] = Registry()


def register(one: Reporter) -> None:
    """Add a reporter. Raises ValueError when its name is taken."""
    _ADDED.add(one.name, one)


def unregister(one: Reporter) -> None:
    """Take it back. Raises KeyError when it is not there."""
    _ADDED.remove(one.name)


def reporter(name: str, *, installed_only: bool = False) -> Reporter:
    """The reporter of a name: registered, an entry point of `modelwarden.reporters`, or `module.Class`. Raises UserError.

    A class is instantiated without arguments, and its instance called. `installed_only`: no modules, as the name comes from a
    file that may come with somebody's models.
    """
    if name in _ADDED:
        return _ADDED[name]
    from modelwarden.plugins.loading import REPORTERS, found_at, installed, told  # few have one

    points = installed(name, REPORTERS)
    if not points and (installed_only or "." not in name):
        raise UserError(
            f"no reporter {name!r} is installed; a module's is named module.Class, on the command line"
        )
    with told(name):
        found = points[0].load() if points else found_at(name)
        if isinstance(found, type):
            found = found()
        if isinstance(found, Reporter):
            return found
        if not callable(found):
            raise TypeError("it is neither a function nor a class whose instances can be called")
    return Reporter(name, cast(Callable[[Outcome], str], found))


def rendered(one: Reporter, outcome: Outcome) -> str:
    """Its report. Raises ReporterFailed, whatever goes wrong."""
    try:
        return _text(one.render(outcome))
    except (Exception, SystemExit) as error:  # a reporter's bug costs its own report and no other
        raise ReporterFailed(f"the reporter {one.name} failed: {type(error).__name__}: {error}") from error


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError(f"it returned no text but a {type(said).__name__}")
    return said
