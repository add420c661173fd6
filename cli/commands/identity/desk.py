"""`mos identity show | merge | unmerge`: who is who, why, and a human's word on it."""

from typing import Annotated

import typer

from cli.output import AsJson, say

_WHO = typer.Argument(help="A person: per_…, a mailbox, or type:value.")
_WHY = typer.Option("--reason", help="Why: it stands in the ledger.")


def show(
    subject: Annotated[str, _WHO],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Why these identifiers are one person: the signal behind each, and the merge ledger."""
    say("identity", f"identity of {subject}", as_json=as_json, subject=subject)


def merge(
    left: Annotated[str, _WHO],
    right: Annotated[str, _WHO],
    reason: Annotated[str, _WHY] = "",
    apart: Annotated[bool, typer.Option(help="Say that they are never one instead.")] = False,  # noqa: FBT002  Typer's own form of a flag
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Say that two people are one (the stricter consent holds), or with --apart never."""
    say("merge", "merge", as_json=as_json, left=left, right=right, reason=reason, apart=apart)


def unmerge(
    subject: Annotated[str, _WHO],
    identifiers: Annotated[
        list[str], typer.Argument(help="The identifiers that leave: mailboxes or type:value.")
    ],
    reason: Annotated[str, _WHY] = "",
    dry_run: Annotated[bool, typer.Option(help="Only say what would follow.")] = False,  # noqa: FBT002  Typer's own form of a flag
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Undo a merge: each signal goes with the identifier it came with; both are judged anew."""
    say(
        "unmerge", "unmerge", as_json=as_json,
        subject=subject, identifiers=identifiers, reason=reason, dry_run=dry_run,
    )  # fmt: skip
