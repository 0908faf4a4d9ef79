"""Figures of Home as charts for a direct message, each with the sentence that says the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from billing.durations import spoken
from billing.evaluate import LineStatus
from bot import kit
from bot.replies import Block, Reply
from bot.screens.phrases import count, full_month
from services.home.billing import BillingHome
from services.home.figures import MonthFigures
from services.home.supervision import SupervisionHome

CHART = "data_visualization"
PUSH = "The month in charts."
NOTHING = "There is nothing to draw yet: no time was logged this month."
#: Slack's limits: characters of a title and of a name, and bars of a chart.
_TITLE, _NAME, _BARS = 50, 20, 20
_STANDINGS = {LineStatus.BILLABLE: "Billable", LineStatus.BLOCKED: "Blocked", LineStatus.BELOW: "Below"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Figures to draw, and the sentence that says the same."""

    title: str
    sentence: str
    #: As Slack takes it.
    drawing: Block


def charts(content: BillingHome | SupervisionHome, *, drawn: bool) -> Reply:
    """At most two charts with their sentences; the sentences alone where this workspace takes no charts."""
    found = _of_billing(content) if isinstance(content, BillingHome) else _of_supervision(content)
    blocks: list[Block] = [] if found else [kit.section(NOTHING)]
    for one in found:
        blocks.append(kit.section(f"*{kit.escape(one.title)}*\n{kit.escape(one.sentence)}"))
        if drawn:
            title = kit.clip(one.title, _TITLE)
            blocks.append({"type": CHART, "title": title, "chart": one.drawing})
    return Reply(text=PUSH, blocks=tuple(blocks))


def _of_billing(home: BillingHome) -> list[Chart]:
    months = [one for one in home.months if one.totals.lines]
    codes = sorted({code for one in months for code in one.totals.billable})[:_BARS]
    found = [_units(months, codes)] if codes else []
    return [*found, *_standings(months[-1:])]


def _units(months: Sequence[MonthFigures], codes: Sequence[str]) -> Chart:
    """Billable units of each code, a series a month."""
    said = [
        f"{full_month(one.month)}: "
        + ", ".join(f"{one.totals.billable.get(code, 0):,}×{code}" for code in codes)
        for one in months
    ]
    series = [(full_month(one.month), [one.totals.billable.get(code, 0) for code in codes]) for one in months]
    return Chart(
        title="Billable units by code",
        sentence=f"{'; '.join(said)}.",
        drawing=_bars(codes, series, x="Code", y="Units"),
    )


def _standings(months: Iterable[MonthFigures]) -> list[Chart]:
    """How many lines of a month can be billed, are blocked, and stay below."""
    found = []
    for one in months:
        numbers = [(name, one.totals.by_status[status]) for status, name in _STANDINGS.items()]
        said = ", ".join(f"{number:,} {name.lower()}" for name, number in numbers)
        segments = [{"label": name, "value": number} for name, number in numbers if number]
        found.append(
            Chart(
                title=f"Patients in {full_month(one.month)}",
                sentence=f"{count(one.totals.lines, 'patient')} with time: {said}.",
                drawing={"type": "pie", "segments": segments},
            )
        )
    return found


def _of_supervision(home: SupervisionHome) -> list[Chart]:
    working = sorted(
        (one for one in home.people if one.seconds), key=lambda one: (-one.seconds, one.member.display_name)
    )[:_BARS]
    if not working:
        return []
    names = _told_apart([one.member.display_name for one in working])
    said = [f"{name} {spoken(one.seconds)}" for name, one in zip(names, working, strict=True)]
    minutes = [one.seconds // 60 for one in working]
    time = Chart(
        title="Minutes logged by person",
        sentence=f"{full_month(home.month)}: {', '.join(said)}.",
        drawing=_bars(names, [("Minutes", minutes)], x="Person", y="Minutes"),
    )
    return [time, *_standings([home.figures] if home.figures.totals.lines else [])]


def _bars(categories: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, x: str, y: str) -> Block:
    return {
        "type": "bar",
        "series": [
            {
                "name": kit.clip(name, _NAME),
                "data": [
                    {"label": label, "value": value} for label, value in zip(categories, values, strict=True)
                ],
            }
            for name, values in series
        ],
        "axis_config": {"categories": list(categories), "x_label": x, "y_label": y},
    }


def _told_apart(names: Iterable[str]) -> list[str]:
    """Names as short as a chart takes them; of two that are alike the second has a number."""
    found: list[str] = []
    for name in names:
        short, number = kit.clip(name, _NAME), 2
        while short in found:
            short = f"{kit.clip(name, _NAME - 3)} {number}"
            number += 1
        found.append(short)
    return found
