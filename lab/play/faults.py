"""What a story lets fail: the next calls of a provider, the next tries of a state."""

from collections import Counter, deque
from dataclasses import dataclass, field

from lab.play.lines import FailLine, ProviderFault, StateFault
from lab.play.states import TaskFailedError
from mos.errors import UnavailableError, UncertainError


@dataclass
class Faults:
    """What fails next. What is used up works again."""

    providers: dict[str, deque[str]] = field(default_factory=dict)
    states: dict[str, deque[str]] = field(default_factory=dict)
    struck: Counter[str] = field(default_factory=Counter)

    def add(self, line: FailLine) -> None:
        """Let something fail from now on, so many times."""
        fault = ProviderFault(provider=line.fail) if isinstance(line.fail, str) else line.fail
        if isinstance(fault, StateFault):
            self.states.setdefault(fault.state, deque()).extend([fault.error] * fault.times)
        else:
            self.providers.setdefault(fault.provider, deque()).extend([fault.how] * fault.times)

    def strike_state(self, name: str) -> None:
        """Fail where the story lets this state fail now.

        Raises:
            TaskFailedError: it does.
        """
        if self.states.get(name):
            self.struck[name] += 1
            raise TaskFailedError(self.states[name].popleft(), f"the story lets {name} fail")

    def strike_provider(self, name: str) -> None:
        """Fail where the story lets this provider fail now.

        Raises:
            UncertainError: its answer is lost.
            UnavailableError: it does not answer.
        """
        if not self.providers.get(name):
            return
        self.struck[name] += 1
        if self.providers[name].popleft() == "uncertain":
            raise UncertainError(name, "the story lets its answer be lost")
        raise UnavailableError(name, "the story lets it fail")
