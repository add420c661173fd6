"""`mos identity match`: pairs of rows that are one, with the probability and the reasons."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli.output import AsJson
from lab.progress import steps
from mos.errors import MalformedError

_LEFT = typer.Argument(help="A CSV. An id column, or else the row's number, names a row.")
_RIGHT = typer.Argument(help="The CSV to link with. Without it LEFT is deduplicated.")
_ONE = typer.Option("--one-to-one", help="At most one partner for each row of either file.")
_MAP = typer.Option("--map", metavar="COLUMN=FIELD", help="What a column holds; or id, or ignore.")
_THRESHOLD = typer.Option(help="The least probability of a match.", min=0, max=1)
_REVIEW = typer.Option(help="The least probability of a pair worth a look.", min=0, max=1)
_REVIEW_OUT = typer.Option(help="Where pairs worth a look go, as CSV.")
_MODEL = typer.Option(help="A saved model to use, instead of learning one from the rows.")
_SAVE = typer.Option(help="Where the model goes, as JSON: it scores single pairs, too.")


def match(  # noqa: PLR0913  Typer reads the options from the arguments
    left: Annotated[Path, _LEFT],
    right: Annotated[Path | None, _RIGHT] = None,
    *,
    out: Annotated[Path, typer.Option(help="Where the matches go, as CSV.")],
    one_to_one: Annotated[bool, _ONE] = False,
    mapped: Annotated[list[str] | None, _MAP] = None,
    threshold: Annotated[float, _THRESHOLD] = 0.5,
    review: Annotated[float, _REVIEW] = 0.1,
    review_out: Annotated[Path | None, _REVIEW_OUT] = None,
    model: Annotated[Path | None, _MODEL] = None,
    save_model: Annotated[Path | None, _SAVE] = None,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Link two lists or deduplicate one, without labels: which rows are one, how likely, and why.

    Writes left_id, right_id, match_probability and why: prior and weights in bits, which add up.
    """
    # Slow to import, and no other command needs them.
    from cli.commands.identity import pairs, source  # noqa: PLC0415
    from mos.matching import match as matching  # noqa: PLC0415

    try:
        sources = source.read_sources([left, *([right] if right else [])], mapped or [])
        _refuse_to_overwrite([left, right, model], [out, review_out, save_model])
        pairs.tell_columns(sources)
        with _progress() as say:
            found = matching.match(
                *(read.rows for read in sources),
                options=matching.Options(one_to_one, threshold, review),
                model=pairs.load_model(model) if model else None,
                say=say,
            )
        ids = (sources[0].ids, sources[-1].ids)
        pairs.write_pairs(out, [pair for pair in found.pairs if pair.band == "match"], ids)
        if review_out:
            pairs.write_pairs(
                review_out, [pair for pair in found.pairs if pair.band == "review"], ids
            )
        if save_model:
            pairs.write(save_model, found.model.canonical())
    except (MalformedError, OSError) as error:
        said = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else error
        typer.echo(f"{typer.style('cannot match', fg='red')} {said}", err=True)
        raise typer.Exit(2) from None
    pairs.report(found, sources, out, as_json=as_json)


def _refuse_to_overwrite(read: list[Path | None], written: list[Path | None]) -> None:
    taken = {path.resolve() for path in read if path}
    for path in filter(None, written):
        if path.resolve() in taken:
            raise MalformedError(f"{path} would overwrite what is read or written: name another")
        taken.add(path.resolve())


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    if sys.stderr.isatty():
        with steps("matching") as say:
            yield say
    else:
        yield lambda _text: None
