"""Where an evaluation goes beside the terminal: a page, a pull request."""

from pathlib import Path

import typer

from cli.prompts.markdown import markdown_of
from cli.prompts.page import page
from cli.whole_file import write_whole
from mos.model.prompt_report import PromptComparison


def write(found: PromptComparison, html: Path | None, markdown: Path | None) -> None:
    """Write the page and the text that were asked for."""
    for path, make in ((html, page), (markdown, markdown_of)):
        if path is not None:
            write_whole(path, make(found))
            typer.secho(f"written: {path}", err=True)
