"""What is watched: alarms for what needs a person, and one page that shows the whole path."""

from collections.abc import Sequence

from aws_cdk import Environment, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs.alarms import MINUTES, Alarms
from infra.constructs.function import Function
from infra.constructs.queue import Queue
from infra.constructs.workflow import Workflow
from infra.names import metrics_namespace, named
from infra.outputs import tell
from infra.settings import Settings
from infra.stacks.agent import Agent
from infra.stacks.edge import Edge
from infra.stacks.memory import Memory
from infra.stacks.spine import Spine
from infra.stacks.watch_aws import watch_aws

LATE_SECONDS = 900
WORD_SECONDS = 60
"""A stop must be heard within the minute."""
_SHARE = 20


class Watch(Stack):
    """The dashboard and the alarms."""

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        memory: Memory,
        spine: Spine,
        edge: Edge,
        agent: Agent,
        rehearsals: Sequence[Workflow],
        *,
        where: Environment,
    ) -> None:
        super().__init__(scope, named(settings, "watch"), env=where)
        self._namespace = metrics_namespace(settings)
        self._is_local = settings.target == "local"
        functions = [edge.function, *spine.functions.values(), *agent.functions]
        queues = spine.queues
        lost = [queues["signals-dead"], queues["parked"], queues["undelivered"], edge.undelivered]
        machine = spine.workflow.machine
        self.alarms = Alarms(self, settings, memory.data_key.key)
        for queue in lost:
            self.alarms.above(
                f"{queue.name}-waits",
                f"messages wait in {queue.name}: read them, mend the cause, `mos parked redrive`",
                _depth(queue),
            )
        self.alarms.above(
            "signals-late",
            f"a signal has waited {LATE_SECONDS} s: is the data layer throttled or failing?",
            queues["signals"].queue.metric_approximate_age_of_oldest_message(period=MINUTES),
            LATE_SECONDS,
        )
        for name, seconds in (("words", WORD_SECONDS), ("answers", LATE_SECONDS),
                              ("approvals", LATE_SECONDS), ("lookups", LATE_SECONDS)):  # fmt: skip
            self.alarms.above(
                f"{name}-queue-late",
                f"a message has waited {seconds} s in {name}: is its reader throttled or failing?",
                queues[name].queue.metric_approximate_age_of_oldest_message(period=MINUTES),
                seconds,
            )
        self.alarms.above(
            "signals-unaccounted",
            "a signal had no end in its batch and comes again: see books_do_not_balance in the log",
            self._counted("data", "unaccounted"),
        )
        self.alarms.above(
            "approvals-wait",
            "a decision waits for a person's yes or no: `mos approvals list`",
            self._counted("operator", "approvals_asked"),
        )
        self.alarms.above(
            "approvals-late",
            "a decision has waited for a word longer than approval_late_hours says: `mos approvals "
            "list` shows the oldest first, `mos approvals show dec_…` says whose word it takes",
            self._counted("operator", "approvals_late"),
        )
        self.alarms.above(
            "receipts-missing",
            "a provider has told nothing in time of what was sent: `mos outbox --silent` lists it; "
            "are its events subscribed (SES: the configuration set; HubSpot: task changes)?",
            self._counted("action", "receipts_missing"),
        )
        self.alarms.above(
            "receipts-stray",
            "a provider told of something that we did not send: `mos outbox` shows it with why; "
            "does another stage use this provider's account?",
            self._counted("action", "receipts_stray"),
        )
        self.alarms.above(
            "access-requests-late",
            "somebody has waited longer than data_request_days for a copy of their data: "
            "`mos access-requests` says who; `mos privacy answered prv_…` when they have it",
            self._counted("action", "access_requests_late"),
        )
        self.alarms.above(
            "pointer-not-followed",
            "the active bundle, or the canary's, cannot be read or has no report that lets it "
            "decide: the last one that may goes on. `mos policy history` says why; publish and "
            "activate it as documented, or `mos policy rollback`",
            self._counted("lifecycle", "bundle_fallback"),
        )
        self.alarms.above(
            "canary-unwatched",
            "a canary runs and the learning function has not looked at it for an hour: nobody "
            "carries it any more, every account decides by the active bundle. See the function's "
            "log; `mos policy canary end` ends it, `mos policy canary status` says how it stood",
            self._counted("lifecycle", "canary_unwatched"),
        )
        self.alarms.tell_reputation(self._counted("action", "channels_paused"),
                                    self._counted("action", "deliverability_warned"))  # fmt: skip
        for function in functions:
            self._watch(function)
        for name, metric in _broken_runs(machine).items():
            self.alarms.above(name, "a next-best-action run did not end well", metric)
        for workflow in rehearsals:
            for name, metric in _unfinished(workflow.machine).items():
                self.alarms.above(
                    name, "a rehearsal did not end well: its execution's error says why", metric
                )
        if not self._is_local:
            watch_aws(self, self.alarms, settings, (edge.api, agent.api))
        self._show(settings, functions, [queues["signals"], *lost], machine)
        tell(self, AlarmTopic=self.alarms.topic.topic_arn)

    def _counted(self, layer: str, name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=self._namespace, metric_name=name, dimensions_map={"service": layer},
            period=MINUTES, statistic="sum",
        )  # fmt: skip

    def _share(self, made: lambda_.Function) -> cloudwatch.IMetric:
        """Return the share of calls that raise, in %; of the local engine, how many raise."""
        errors = made.metric_errors(period=MINUTES)
        if self._is_local:
            return errors
        calls = made.metric_invocations(period=MINUTES)
        return cloudwatch.MathExpression(
            expression="100 * errors / MAX([errors, calls])",
            using_metrics={"errors": errors, "calls": calls},
            period=MINUTES,
            label="errors, %",
        )

    def _watch(self, function: Function) -> None:
        """Raise alarms on a function that fails or is throttled again and again.

        Queue and workflow try again what fails once, by design; what they give up on is an alarm of
        its own.
        """
        layer, made = function.hop.layer, function.function
        self.alarms.above(
            f"{layer}-fails", f"over {_SHARE} % of the {layer} function's calls raise: see its log",
            self._share(made), _SHARE, times=3,
        )  # fmt: skip
        self.alarms.above(
            f"{layer}-throttled", f"the {layer} function had no capacity left for a quarter hour: "
            "raise reserved_concurrency, or ask AWS for more",
            made.metric_throttles(period=MINUTES), times=3,
        )  # fmt: skip

    def _show(
        self,
        settings: Settings,
        functions: Sequence[Function],
        queues: Sequence[Queue],
        machine: sfn.StateMachine,
    ) -> None:
        dashboard = cloudwatch.Dashboard(self, "Page", dashboard_name=named(settings, "path"))
        count = [
            self._counted(function.hop.layer, name).with_(label=f"{function.hop.layer} {name}")
            for function in functions
            for name in ("taken", "parked")
        ]
        runs = [machine.metric_started(period=MINUTES), *_broken_runs(machine).values()]
        graphs = {
            "In and parked, by layer": count,
            "Runs": runs,
            "Waiting": [_depth(queue) for queue in queues],
            "p95 duration": [
                f.function.metric_duration(period=MINUTES, statistic="p95") for f in functions
            ],
            "Errors": [f.function.metric_errors(period=MINUTES) for f in functions],
        }
        dashboard.add_widgets(cloudwatch.AlarmStatusWidget(alarms=self.alarms.all, width=24))
        for title, metrics in graphs.items():
            dashboard.add_widgets(cloudwatch.GraphWidget(title=title, left=list(metrics), width=12))


def _depth(queue: Queue) -> cloudwatch.Metric:
    return queue.queue.metric_approximate_number_of_messages_visible(
        period=MINUTES, statistic="max"
    )


def _broken_runs(machine: sfn.StateMachine) -> dict[str, cloudwatch.Metric]:
    return {
        "runs-failed": machine.metric_failed(period=MINUTES),
        "runs-timed-out": machine.metric_timed_out(period=MINUTES),
        "runs-aborted": machine.metric_aborted(period=MINUTES),
    }


def _unfinished(machine: sfn.StateMachine) -> dict[str, cloudwatch.Metric]:
    """Return what went wrong with a rehearsal by itself: who aborts one knows that they did."""
    return {
        "rehearsals-failed": machine.metric_failed(period=MINUTES),
        "rehearsals-timed-out": machine.metric_timed_out(period=MINUTES),
    }
