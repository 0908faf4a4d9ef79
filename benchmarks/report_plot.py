"""Draws what a month's report costs against the number of patients: a panel a format, a line a build."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_WIDTH, _HEIGHT = 840, 330
_LEFT, _TOP, _BOTTOM = 46, 84, 272
_PANEL, _GAP = 178, 86
#: Two labels at the end of lines keep so many pixels apart.
_LABEL_HEIGHT = 15
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
_MOST_LINES = 6

_STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #57606a }
.title { font-size: 15px; font-weight: 600; fill: #1f2328 }
.panel { font-size: 13px; font-weight: 600; fill: #1f2328 }
.grid { stroke: #d8dee4; stroke-width: 1 }
.base { stroke: #8c959f; fill: #8c959f } .new { stroke: #0969da; fill: #0969da }
polyline { fill: none !important; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round }
circle { stroke: none }
text.base, text.new { stroke: none; font-weight: 600 }
text.base { fill: #6e7781 }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1 } .title, .panel { fill: #f0f6fc } .grid { stroke: #30363d }
  .base { stroke: #7d8590; fill: #7d8590 } .new { stroke: #4493f8; fill: #4493f8 } text.base { fill: #9198a1 }
}
"""


@dataclass(frozen=True, slots=True)
class _Scale:
    """How patients and seconds lie on the picture."""

    patients: int
    seconds: float

    def x(self, left: float, patients: int) -> float:
        return left + _PANEL * patients / self.patients

    def y(self, seconds: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * seconds / self.seconds


def draw(results: dict[str, Any]) -> str:
    """The picture, as SVG for light and dark pages.

    Args:
        results: What `benchmarks.reports` measured.
    """
    points = sorted(results["plot"], key=lambda point: point["patients"])
    step = _step(max(point[name] for point in points for name in ("base", "new")))
    highest = max(point[name] for point in points for name in ("base", "new"))
    scale = _Scale(points[-1]["patients"], step * (int(highest / step) + 1))
    said = f"whole process, median; four entries a patient and month. Gray: {results['base']}, before. Blue: now."
    body = [
        f'<text class="title" x="{_LEFT}" y="26">What a month’s report costs: CPU seconds by patients</text>',
        f'<text x="{_LEFT}" y="46">{said}</text>',
    ]
    formats = list(dict.fromkeys(point["format"] for point in points))
    for place, form in enumerate(formats):
        own = [point for point in points if point["format"] == form]
        body += _panel(form, own, scale, step, _LEFT + place * (_PANEL + _GAP))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" aria-label="{_spoken(points)}">\n'
        f"<style>{_STYLE}</style>\n" + "\n".join(body) + "\n</svg>\n"
    )


def _step(highest: float) -> float:
    """The distance of lines that gives no more than a handful of them."""
    return next((step for step in _STEPS if highest / step < _MOST_LINES), _STEPS[-1])


def _spoken(points: Sequence[dict[str, Any]]) -> str:
    """The last points in words, for readers who cannot see them."""
    last = [point for point in points if point["patients"] == points[-1]["patients"]]
    said = ", ".join(f"{one['format']} {one['base']:.1f} before and {one['new']:.1f} now" for one in last)
    return f"CPU seconds of a month’s report of {points[-1]['patients']:,} patients: {said}"


def _panel(
    form: str, points: Sequence[dict[str, Any]], scale: _Scale, step: float, left: float
) -> Iterator[str]:
    yield f'<text class="panel" x="{left}" y="{_TOP - 12}">{form}</text>'
    for count in range(round(scale.seconds / step) + 1):
        y = scale.y(count * step)
        yield f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{left + _PANEL}" y2="{y:.1f}"/>'
        yield f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{count * step:g}</text>'
    for point in points:
        x = scale.x(left, point["patients"])
        yield f'<text x="{x:.1f}" y="{_BOTTOM + 20}" text-anchor="middle">{_thousands(point["patients"])}</text>'
    yield f'<text x="{left + _PANEL / 2}" y="{_BOTTOM + 42}" text-anchor="middle">patients</text>'
    for name in ("base", "new"):
        places = [(scale.x(left, point["patients"]), scale.y(point[name])) for point in points]
        yield f'<polyline class="{name}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>'
        yield from (f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places)
    yield from _labels(points[-1], scale, left)


def _labels(last: dict[str, Any], scale: _Scale, left: float) -> Iterator[str]:
    """The seconds at the end of each line, apart where the lines meet."""
    base, new = scale.y(last["base"]), scale.y(last["new"])
    missing = _LABEL_HEIGHT - abs(base - new)
    if missing > 0:
        shift = missing / 2 if base <= new else -missing / 2
        base, new = base - shift, new + shift
    for name, y in (("base", base), ("new", new)):
        yield f'<text class="{name}" x="{left + _PANEL + 8}" y="{y + 4:.1f}">{last[name]:.1f} s</text>'


def _thousands(patients: int) -> str:
    return f"{patients // 1000}k" if patients >= 1000 else str(patients)
