"""The path from the queue to the lesson: bus, queues, layers and the workflow."""

from collections.abc import Mapping

from aws_cdk import ArnFormat, Duration, Environment, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.assemble.bundle import Bundle
from infra.constructs.bus import Bus, tick, to_function, to_queue
from infra.constructs.function import Function
from infra.constructs.lane import Lane, read_queue
from infra.constructs.next_best_action import NextBestAction
from infra.constructs.queue import Queue
from infra.constructs.shift import LIVE
from infra.constructs.size import size_of
from infra.constructs.timers import Timers
from infra.names import named
from infra.outputs import tell
from infra.providers import wire_action, wire_llm
from infra.settings import Settings
from infra.stacks.lookup import make_lookup_queues, wire_lookup
from infra.stacks.memory import Memory
from infra.stacks.wiring import wire, wire_ask, wire_queue
from mos.path import HOPS, WORKFLOW, Door, Hop

BATCH = 100


class Spine(Stack):
    """Everything between a signal on the queue and a lesson learnt."""

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        memory: Memory,
        bundles: Mapping[str, Bundle],
        *,
        where: Environment,
    ) -> None:
        super().__init__(scope, named(settings, "spine"), env=where)
        self._settings, self._memory = settings, memory
        self.queues = self._make_queues()
        self.bus = Bus(self, settings)
        self.functions = {
            hop.layer: Function(self, hop, settings, bundles[hop.layer])
            for hop in HOPS
            if hop.door not in (Door.HTTP, Door.IAM) and not hop.archive
        }
        self._wire_layers()
        self._unify_what_is_queued()
        self.workflow = NextBestAction(
            self, settings, self.functions, self.queues, memory.data_key.use("sqs")
        )
        self._route()
        self._start_timers()
        self._tell()

    def _make_queues(self) -> dict[str, Queue]:
        key = self._memory.data_key.key
        dead = Queue(self, "signals-dead", self._settings, key)
        # AWS asks for six times the consumer's timeout.
        patience = Duration.seconds(6 * size_of("data").seconds)
        # What people at the desk say has a lane of its own: a stop waits behind no import.
        lanes = {
            name: Queue(self, name, self._settings, key, visibility=patience, dead=dead)
            for name in ("signals", "words")
        }
        ends = {name: Queue(self, name, self._settings, key) for name in ("parked", "undelivered")}
        # What waits for a person is taken to the operators' desk.
        approvals = Queue(
            self, "approvals", self._settings, key,
            visibility=Duration.seconds(6 * size_of("operator").seconds), dead=ends["undelivered"],
        )  # fmt: skip
        asked = make_lookup_queues(self, self._settings, key, ends["undelivered"])
        return {"signals-dead": dead, "approvals": approvals} | lanes | ends | asked

    def _wire_layers(self) -> None:
        memory, settings = self._memory, self._settings
        for function in self.functions.values():
            wire(function, memory, settings)
            if function.hop.asks:
                wire_ask(function, self.functions["llm"])
            if function.hop.door is Door.QUEUE or function.hop.raises:
                function.tell(MOS_BUS=self.bus.bus.event_bus_name)
                function.allow(self.bus.publishing())
        data = self.functions["data"]
        data.tell(MOS_COALESCE_SECONDS=str(settings.coalesce_seconds))
        wire_queue(data, self.queues["parked"], memory)
        wire_queue(self.functions["llm"], self.queues["signals"], memory)
        wire_action(self.functions["action"], settings)
        if settings.workflow == "express":
            self._let_park(self.functions["action"])
        wire_llm(self.functions["llm"], settings)
        wire_lookup(self.functions["lookup"], self.queues, memory, settings)
        for layer in ("llm", "learning", "lifecycle", "action", "decisioning"):
            self.functions[layer].after_failure(self.queues["undelivered"])
            self.functions[layer].allow(memory.data_key.use("sqs"))

    def _let_park(self, action: Function) -> None:
        """Let runs be parked that die and tell nobody: they go on in the machine that waits.

        That machine invokes the function: its name is known, a reference would be a circle.
        """
        wire_queue(action, self.queues["parked"], self._memory)
        name = named(self._settings, "approval")
        machine = self.format_arn(
            service="states",
            resource="stateMachine",
            resource_name=f"{name}:{LIVE}" if self._settings.target == "lambda" else name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        action.tell(MOS_MACHINE_HELD=machine)

    def _unify_what_is_queued(self) -> None:
        for name, seconds in (("signals", self._settings.batch_seconds), ("words", 0)):
            lane = Lane(BATCH, seconds) if name == "signals" else Lane(10, seconds, small=True)
            read_queue(self.functions["data"], self.queues[name], self._settings, lane)

    def _start_timers(self) -> None:
        use_key = self._memory.data_key.use("sqs")
        timers = Timers(
            self, self._settings, self.queues["signals"], self.queues["undelivered"], use_key
        )
        for function in self.functions.values():
            if function.hop.timers:
                timers.let(function)

    def _route(self) -> None:
        undelivered = self.queues["undelivered"]
        start = WORKFLOW[0].takes
        assert start is not None  # noqa: S101  the path's own shape, for the type checker
        rule = self.bus.rule(
            "Start", start,
            targets.SfnStateMachine(
                self.workflow.machine,
                input=events.RuleTargetInput.from_event_path("$.detail"),
                dead_letter_queue=undelivered.queue,
                retry_attempts=185,
                max_event_age=Duration.hours(24),
            ),
        )  # fmt: skip
        # The right to start is one to the machine, whichever of its versions is named.
        bare = rule.node.default_child
        assert isinstance(bare, events.CfnRule)  # noqa: S101  what a Rule is made of
        bare.add_property_override("Targets.0.Arn", self.workflow.called)
        self.bus.park_failed(self.workflow.machines, self.queues["parked"], undelivered)
        for hop in HOPS:
            if hop.door is Door.IAM:
                # What comes to the desk comes by the queue that is read there.
                self._route_to_desk(hop)
        for function in self.functions.values():
            to = to_function(function, undelivered)
            if function.hop.watches:
                self.bus.every("Watch", Duration.minutes(5), to, "looks after the canary")
            if function.hop.sweeps:
                self.bus.every("Sweep", Duration.minutes(5), to, "takes back what is to be undone")
            for kind in function.hop.queued:
                name, queue = f"{function.hop.layer}-{kind.__name__}", self.queues["lookups"]
                self.bus.rule(name, kind, to_queue(queue, undelivered))
            for kind in function.hop.listens:
                name = f"{function.hop.layer}-{kind.__name__}"
                self.bus.rule(name, kind, to_function(function, undelivered))

    def _route_to_desk(self, hop: Hop) -> None:
        to = to_queue(self.queues["approvals"], self.queues["undelivered"])
        for kind in hop.queued:
            self.bus.rule(f"{hop.layer}-{kind.__name__}", kind, to)
        if hop.sweeps:
            woken = tick(self.queues["approvals"], self.queues["undelivered"])
            self.bus.every("Look", Duration.minutes(5), woken, "looks for what waits too long")

    def _tell(self) -> None:
        tell(
            self,
            Bus=self.bus.bus.event_bus_name,
            StateMachine=self.workflow.machine.state_machine_arn,
            QueueSignals=self.queues["signals"].queue.queue_url,
            QueueWords=self.queues["words"].queue.queue_url,
            QueueLookups=self.queues["lookups"].queue.queue_url,
            QueueAnswers=self.queues["answers"].queue.queue_url,
            QueueSignalsDead=self.queues["signals-dead"].queue.queue_url,
            QueueParked=self.queues["parked"].queue.queue_url,
            QueueApprovals=self.queues["approvals"].queue.queue_url,
            QueueUndelivered=self.queues["undelivered"].queue.queue_url,
            **{
                f"Function{layer.capitalize()}": made.function.function_name
                for layer, made in self.functions.items()
            },
        )
