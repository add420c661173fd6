"""Up and down: engine, fakes, the real templates, secrets, the policies."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab.engine import system as stack
from lab.engine.engine import Engine
from lab.engine.status import LOCAL
from lab.fakes import providers
from lab.fakes.provider import Provider
from lab.local import policy, provider, secret
from mos import plugins
from mos.aws.bucket import S3Bucket
from mos.aws.bundles import BundleStore
from mos.deployment.deployment import Deployment
from mos.deployment.local import STATUS, connect
from mos.policy.bundle.bundle import Bundle, read_folder

POLICIES = Path(__file__).parents[2] / "policies"
Say = Callable[[str], None]


def up(
    *,
    with_cdk: bool = True,
    decide_by: Callable[[BundleStore, Bundle], policy.Standing] = policy.bring,
    folder: Path = LOCAL,
    say: Say = print,
) -> dict[str, Any]:
    """Bring the whole system up and return how to reach it. What runs already is kept.

    So is the bundle that is active, unless `decide_by` is `policy.replace`.

    Raises:
        EngineError, FakesError: say which part failed and what to look at.
    """
    folder.mkdir(parents=True, exist_ok=True)
    note = _after_a_crash(folder)
    stored = secret.load(folder)
    say("fake providers")
    fakes = provider.start(folder)
    status = stack.up(point_at(fakes), folder=folder, with_cdk=with_cdk, say=say)
    where = connect(folder)
    say("secrets and policy")
    _store(where, status.outputs["SecretsKey"], stored)
    store = BundleStore(S3Bucket(where.bucket("bundles"), where.client("s3")))
    standing = decide_by(store, read_folder(POLICIES))
    told: dict[str, Any] = json.loads((folder / STATUS).read_text(encoding="utf-8"))
    told |= {
        "inbox_url": fakes,
        "secrets": {k.partition("/")[2]: v for k, v in stored.items() if k.startswith("webhook/")},
        "stacks": _stacks(where),
        "note": note,
        "policy": standing.note,
    }
    (folder / STATUS).write_text(json.dumps(told, indent=1), encoding="utf-8")
    # Not in the file: what is active may change while the system is up.
    return told | {"bundle": standing.active}


def down(*, folder: Path = LOCAL, forget: bool = False) -> bool:
    """Stop everything that `up` started; say whether something ran."""
    was_up = stack.status(folder=folder) is not None
    provider.stop(folder)
    return stack.down(folder=folder, forget=forget) or was_up


def _after_a_crash(folder: Path) -> str:
    """Make way for a start after the engine was killed, and return what that has cost.

    The engine writes its state when it is stopped, and objects at once: without a saved state
    the objects belong to nothing and would be in the way of a new deployment.
    """
    engine = Engine(folder)
    if not engine.crashed():
        return ""
    if engine.has_saved():
        return (
            "The engine was killed. It goes on from its last clean stop: signals that came in "
            "after that are gone from its tables; their raw bodies are kept in .local/s3."
        )
    bodies = folder / "bodies-before-the-crash"
    if (folder / "s3").exists():
        shutil.rmtree(bodies, ignore_errors=True)
        shutil.move(folder / "s3", bodies)
    return (
        "The engine was killed before it was ever stopped cleanly: its tables are gone, and a new "
        f"system was started. The raw bodies of all acknowledged requests are kept in {bodies}."
    )


def point_at(fakes: str) -> dict[str, str]:
    """Return the settings that send every provider's calls to its fake."""
    found = plugins.discover(providers, "PROVIDER", Provider)
    urls = {name: f"{fakes}/{name}{one.path}" for name, one in found.items()}
    listed = ", ".join(f'{name} = "{url}"' for name, url in urls.items())
    return {"provider_urls": f"{{{listed}}}"}


def _store(where: Deployment, key: str, stored: dict[str, str]) -> None:
    ssm = where.client("ssm")
    for name, value in stored.items():
        if name.startswith("sign/"):
            continue
        ssm.put_parameter(
            Name=f"/mos/{where.stage}/{name}",
            Value=value,
            Type="SecureString",
            KeyId=key,
            Overwrite=True,
        )


def _stacks(where: Deployment) -> list[str]:
    pages = where.client("cloudformation").get_paginator("describe_stacks")
    names = [s["StackName"] for page in pages.paginate() for s in page["Stacks"]]
    return sorted(name for name in names if name.startswith(f"mos-{where.stage}-"))
