"""How a workflow's next version takes over: a share of the runs first, and back if they fail."""

from aws_cdk import CfnDeletionPolicy, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs.shift import LIVE
from infra.settings import Settings

_SHARE = 20
_MINUTE = Duration.minutes(1)
_ENDED = ("failed", "timed_out", "aborted")


class LiveWorkflow(Construct):
    """A state machine's alias: runs that were begun end on the version that they began on."""

    def __init__(
        self, scope: Construct, machine: sfn.StateMachine, name: str, settings: Settings
    ) -> None:
        super().__init__(scope, "Live")
        version = sfn.CfnStateMachineVersion(
            self, "Version",
            state_machine_arn=machine.state_machine_arn,
            state_machine_revision_id=machine.state_machine_revision_id,
        )  # fmt: skip
        # What an earlier deployment published stays: runs are on it, and the alias may go back.
        version.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN
        version.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        alarm = cloudwatch.Alarm(
            self, "Alarm",
            alarm_name=f"{name}-shift",
            alarm_description=f"over {_SHARE} % of the runs of {name} end badly: while its next "
            "version takes over, Step Functions goes back to the one before",
            metric=_failing(machine),
            threshold=_SHARE,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )  # fmt: skip
        minutes = settings.shift_minutes
        preference = sfn.CfnStateMachineAlias.DeploymentPreferenceProperty(
            state_machine_version_arn=version.ref,
            alarms=[alarm.alarm_name],
            type="CANARY" if minutes else "ALL_AT_ONCE",
            percentage=10 if minutes else None,
            interval=minutes or None,
        )
        alias = sfn.CfnStateMachineAlias(
            self, "Alias",
            name=LIVE, deployment_preference=preference,
        )  # fmt: skip
        self.arn = alias.ref


def _failing(machine: sfn.StateMachine) -> cloudwatch.MathExpression:
    """Return the share of the runs that ended in a minute that ended badly, in %."""
    bad = {name: getattr(machine, f"metric_{name}")(period=_MINUTE) for name in _ENDED}
    good = {"good": machine.metric_succeeded(period=_MINUTE)}
    summed = "+".join(f"FILL({name}, 0)" for name in bad)
    return cloudwatch.MathExpression(
        expression=f"100 * ({summed}) / ({summed} + FILL(good, 0))",
        using_metrics=bad | good,
        period=_MINUTE,
        label="ended badly, %",
    )
