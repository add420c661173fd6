"""Deploy the same templates with boto3 alone: seconds less, for tests and the inner loop."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from lab.engine.bootstrap import prepare
from lab.engine.deploy import context_of, environment_of
from lab.engine.engine import ROOT, Engine, EngineError, Running
from lab.engine.finish import client, finish
from lab.engine.process import Say, run

_SECONDS = 300


def deploy(
    engine: Engine, running: Running, settings: Mapping[str, str], say: Say = print
) -> dict[str, str]:
    """Synthesise, upload, create or update each stack, and return what they tell.

    Raises:
        EngineError: synthesis or a stack failed; says which and why.
    """
    out = _synthesise(engine, running, settings, say)
    bucket = prepare(running)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    for name in _stacks(manifest):
        say(f"{name}: deploying")
        _upload(running, out, manifest[name]["properties"]["templateFile"], bucket)
        _apply(running, name, f"{running.endpoint}/{bucket}/{name}.template.json")
    return finish(engine, running)


def _synthesise(engine: Engine, running: Running, settings: Mapping[str, str], say: Say) -> Path:
    out = engine.folder / "cdk.out"
    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    environment = environment_of(running) | {
        "CDK_OUTDIR": str(out),
        "CDK_CONTEXT_JSON": json.dumps(flags | context_of(running, settings)),
        "PYTHONPATH": f"{ROOT / 'shared'}:{ROOT}",
    }
    run([str(ROOT / ".venv/bin/python"), "-m", "infra.app"], environment, ROOT, say, _SECONDS)
    return out


def _stacks(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the stacks, each after those that it depends on."""
    done: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        artifact = manifest.get(name)
        if name in done or artifact is None:
            return
        done.add(name)
        for needed in artifact.get("dependencies", ()):
            yield from visit(needed)
        if artifact["type"] == "aws:cloudformation:stack":
            yield name

    for name in manifest:
        yield from visit(name)


def _upload(running: Running, out: Path, template: str, bucket: str) -> None:
    assets = json.loads((out / template.replace(".template.", ".assets.")).read_text())
    s3 = client(running, "s3")
    for asset in assets["files"].values():
        source, place = out / asset["source"]["path"], next(iter(asset["destinations"].values()))
        if asset["source"]["packaging"] == "zip":
            s3.put_object(Bucket=bucket, Key=place["objectKey"], Body=_zipped(source))
    s3.put_object(Bucket=bucket, Key=template, Body=(out / template).read_bytes())


def _zipped(folder: Path) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return body.getvalue()


def _apply(running: Running, name: str, url: str) -> None:
    formation = client(running, "cloudformation")
    request = {
        "StackName": name, "TemplateURL": url,
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    }  # fmt: skip
    try:
        formation.create_stack(**request)
        what = "stack_create_complete"
    except formation.exceptions.AlreadyExistsException:
        try:
            formation.update_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" in str(error):
                return
            raise
        what = "stack_update_complete"
    try:
        formation.get_waiter(what).wait(
            StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
        )
    except WaiterError as error:
        raise EngineError(f"{name}: {_why(formation, name)}") from error


def _why(formation: Any, name: str) -> str:  # noqa: ANN401  boto3 clients have no static type
    events = formation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [e for e in events if e["ResourceStatus"].endswith("FAILED")]
    return "; ".join(
        f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason', '?')}" for e in failed[-3:]
    )
