"""The function that decides again: what agents and operators ask, and what rehearsals map over."""

from aws_cdk import Environment, Stack
from constructs import Construct

from infra.assemble.bundle import Bundle
from infra.constructs.function import Function
from infra.names import named
from infra.outputs import tell
from infra.settings import Settings
from infra.stacks.memory import Memory
from infra.stacks.wiring import wire
from mos.path import OFF_PATH

_REHEARSE = next(hop for hop in OFF_PATH if hop.archive)


class Simulation(Stack):
    """The simulation function, in a stack of its own: nothing on the path waits for it."""

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        memory: Memory,
        bundle: Bundle,
        *,
        where: Environment,
    ) -> None:
        super().__init__(scope, named(settings, "simulation"), env=where)
        self.function = Function(self, _REHEARSE, settings, bundle)
        wire(self.function, memory, settings)
        tell(self, FunctionSimulation=self.function.function.function_name)
