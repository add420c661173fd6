"""Where the bundle is read from."""

from pathlib import Path

import typer

Folder = typer.Option("--bundle", help="The bundle's folder.")
POLICIES = Path(__file__).parents[3] / "policies"
