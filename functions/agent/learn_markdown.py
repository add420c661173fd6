"""The report of learning as a page of Markdown: the same numbers, for whoever pastes it. Pure."""

from collections.abc import Iterable, Sequence

from mos.model.attribution import AttributionModel
from mos.model.learn_report import LearnReport
from mos.model.view import Cell, Rows


def list_tables(report: LearnReport) -> tuple[Rows, ...]:
    """Return the tables of a report, as a terminal and a page show them."""
    named = report.channels[0].credits if report.channels else {}
    positions = [model.value for model in AttributionModel]
    models = [*positions, *sorted(set(named) - set(positions))]
    return (
        Rows(
            title="What came of us",
            columns=("outcome", "count", "accounts", "credited", "late", "taken back",
                     "US dollars"),
            rows=tuple(
                (o.name, o.count, o.accounts, o.credited, o.late, o.taken_back, o.usd)
                for o in report.outcomes
            ),
        ),
        Rows(
            title="Arms, by account (intervals hold at every look)",
            columns=("experiment", "arm", "against", "metric", "accounts", "mean", "against it",
                     "effect", "low", "high", "q", "verdict"),
            rows=tuple(
                (a.experiment, a.arm, a.against, a.metric, a.accounts + a.accounts_against,
                 _short(a.mean), _short(a.mean_against), _short(a.effect), _short(a.low),
                 _short(a.high), _short(a.q), a.verdict)
                for a in report.arms
            ),
        ),
        Rows(
            title=f"Who stood on the way to {report.attributed}, model by model",
            columns=("channel", "touches", "impressions", "US dollars", *models),
            rows=tuple(
                (c.channel, c.touches, c.impressions, c.usd,
                 *(_short(c.credits.get(model)) for model in models))
                for c in report.channels
            ),
        ),
    )  # fmt: skip


def list_sentences(report: LearnReport) -> list[str]:
    """Return what the numbers come to, in sentences."""
    said = [
        f"{report.days} days up to {report.at:%Y-%m-%d %H:%M} UTC"
        + ("." if report.complete else ": more came in than was looked at, the latest first.")
    ]
    for ratio in report.ratios:
        arms = ", ".join(f"{name} {count:,}" for name, count in ratio.arms.items())
        if ratio.broken:
            said.append(
                f"{ratio.experiment} is not read out: {arms} accounts are not as drawn "
                f"(p = {ratio.p:.2g})."
            )
        elif len(ratio.arms) == 1:
            said.append(f"{ratio.experiment} compares nobody yet: {arms} accounts, in one arm.")
    said += [f"{arm.says[0].upper()}{arm.says[1:]}." for arm in report.arms]
    if report.groups:
        said.append(
            f"Groups in which there was a first {report.attributed}: {report.groups:,}; of these "
            f"nothing of ours had touched {report.untouched:,} in the {report.window_days:g} days "
            "before."
        )
    unread = sorted({text for line in report.outcomes for text in line.unconverted})
    if unread:
        said.append(f"Not converted to US dollars: {', '.join(unread)}.")
    return [*said, *report.says]


def render_markdown(report: LearnReport) -> str:
    """Return the report as Markdown: sentences first, then each table."""
    parts = ["# What came of us, and what works", _list(list_sentences(report))]
    parts += [_table(rows) for rows in list_tables(report) if rows.rows]
    parts.append(f"By bundle `{report.bundle[:12]}`; `mos learn report` makes it again.")
    return "\n\n".join(parts) + "\n"


def _list(said: Iterable[str]) -> str:
    return "\n".join(f"- {one}" for one in said)


def _table(rows: Rows) -> str:
    lines = [rows.columns, tuple("---" for _ in rows.columns), *rows.rows]
    return "\n".join([f"## {rows.title}", "", *(_row(line) for line in lines)])


def _row(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join('' if c is None else str(c) for c in cells)} |"


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
