"""Parameters whose values are not what they may be, for everybody or for some. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.parameter import Parameter, parse_parameters
from mos.policy.check import Check, Flaw


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each value that lies out of the bounds that its parameter states.

    Raises:
        BundleError: a page of parameters is wrong.
    """
    for file in sorted(bundle.files):
        if file.startswith("parameters/") and not file.endswith(".md"):
            for name in parse_parameters(file, bundle.text(file)):
                yield from (Flaw(file, detail) for detail in _of(bundle.parameters[name]))


def _of(parameter: Parameter) -> Iterator[str]:
    least, most = parameter.least, parameter.most
    if least is not None and most is not None and least > most:
        yield f"{parameter.name}: its least, {least:g}, is more than its most, {most:g}"
        return
    if refused := parameter.refusal(parameter.value):
        yield f"{parameter.name}: {refused}"
    for override in parameter.override:
        if refused := parameter.refusal(override.value):
            yield f"{parameter.name} for {override.level.value} {override.of}: {refused}"


CHECK = Check("bounds", find)
