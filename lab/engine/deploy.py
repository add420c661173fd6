"""Deploy the real templates onto a running engine, and remove them."""

import os
from collections.abc import Mapping

from lab.engine.bootstrap import make_way
from lab.engine.engine import REGION, ROOT, Engine, Running
from lab.engine.finish import empty_buckets, finish
from lab.engine.process import Say, run

STAGE = "local"
_SECONDS = 600


def deploy(
    engine: Engine, running: Running, settings: Mapping[str, str], say: Say = print
) -> dict[str, str]:
    """Deploy with the real CDK command line, and return what the stacks tell.

    `settings` are keys of `infra/settings.py`, as for `cdk -c`.

    Raises:
        EngineError: the CDK failed; carries its last lines.
    """
    environment = environment_of(running)
    cdk = str(ROOT / "node_modules" / ".bin" / "cdk")
    out = str(engine.folder / "cdk.out")
    where = f"aws://{running.account}/{REGION}"
    flags = ["--no-notices", "--ci", "--progress", "events"]
    make_way(running)
    run([cdk, "bootstrap", where, *flags, "--app", ""], environment, engine.folder, say, _SECONDS)
    command = [cdk, "deploy", "--all", *flags, "--require-approval", "never", "--output", out]
    command += ["--method", "direct", "--concurrency", "2"]
    command += [f"--context={key}={value}" for key, value in context_of(running, settings).items()]
    run(command, environment, ROOT, say, _SECONDS)
    return finish(engine, running)


def destroy(engine: Engine, running: Running, say: Say = print) -> None:
    """Remove every stack with the real CDK command line."""
    empty_buckets(running)
    command = [
        str(ROOT / "node_modules" / ".bin" / "cdk"), "destroy", "--all", "--force",
        "--no-notices", "--ci", "--app", str(engine.folder / "cdk.out"),
    ]  # fmt: skip
    run(command, environment_of(running), ROOT, say, _SECONDS)
    engine.routes.unlink(missing_ok=True)


def environment_of(running: Running) -> dict[str, str]:
    """Return the environment of a command that deploys."""
    node = {
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_VALIDATION": "false",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "CDK_"))}
    return inherited | node | running.environment()


def context_of(running: Running, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a local deployment, as context of the CDK app."""
    given = {"stage": STAGE, "public_url": running.url, "mcp_url": f"{running.url}/mcp"}
    return given | dict(settings)
