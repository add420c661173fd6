"""The CDK app: `npx cdk deploy --all -c stage=<stage>`."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, Environment, Tags, Validations
from aws_cdk import aws_iam as iam
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.acknowledged import acknowledge
from infra.assemble.bundle import Bundle, bundle
from infra.assemble.errors import AssembleError
from infra.assemble.target import TARGETS
from infra.settings import Settings, SettingsError, load
from infra.stacks.agent import Agent
from infra.stacks.edge import Edge
from infra.stacks.memory import Memory
from infra.stacks.rehearsal import Rehearsal
from infra.stacks.simulation import Simulation
from infra.stacks.spine import Spine
from infra.stacks.watch import Watch
from mos.path import HOPS

ROOT = Path(__file__).parents[1]
_UNCOMPILED = (
    "warning: there is no Python {} on this machine: the functions are shipped without bytecode, "
    "and compile themselves at every cold start"
)


def build(app: App, settings: Settings, bundles: Mapping[str, Bundle]) -> None:
    """Add the stacks to the app."""
    where = Environment(
        account=os.environ.get("CDK_DEFAULT_ACCOUNT"),
        region=settings.region or os.environ.get("CDK_DEFAULT_REGION"),
    )
    memory = Memory(app, settings, where=where)
    spine = Spine(app, settings, memory, bundles, where=where)
    edge = Edge(app, settings, memory, spine, bundles["webhook"], where=where)
    simulation = Simulation(app, settings, memory, bundles["simulation"], where=where)
    agent = Agent(app, settings, memory, spine, simulation, bundles, where=where)
    rehearsals = []
    if settings.target == "lambda":
        # The local engine writes no files when it exports a table.
        stack = Rehearsal(app, settings, memory, simulation, where=where)
        rehearsals.append(stack.workflow)
    Watch(app, settings, memory, spine, edge, agent, rehearsals, where=where)
    for name, value in {**settings.tags, "mos:stage": settings.stage}.items():
        Tags.of(app).add(name, value)
    if settings.permissions_boundary:
        limit = iam.ManagedPolicy.from_managed_policy_arn(
            memory, "Boundary", settings.permissions_boundary
        )
        iam.PermissionsBoundary.of(app).apply(limit)


def check(app: App) -> None:
    """Have synthesis fail on every finding of cdk-nag that is not acknowledged."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(), ServerlessChecks())
    acknowledge(app)


def main() -> None:
    """Assemble what has changed, then synthesise."""
    app = App()
    try:
        settings = load(app.node.try_get_context)
        x86 = settings.target == "lambda" and settings.architecture == "x86_64"
        target = TARGETS["lambda-x86_64" if x86 else settings.target]
        out = ROOT / ".build" / "functions"
        bundles = {hop.layer: bundle(hop.layer, target, ROOT, out) for hop in HOPS}
    except (SettingsError, AssembleError) as error:
        sys.exit(f"error: {error}")
    if settings.target == "lambda" and not all(made.compiled for made in bundles.values()):
        print(_UNCOMPILED.format(target.python), file=sys.stderr)  # noqa: T201  a command's own word
    build(app, settings, bundles)
    if settings.target == "lambda":
        check(app)
    app.synth()


if __name__ == "__main__":
    main()
