"""What a payer goes by on a day: the practice's settings, the payer's own rules, and what the practice imported."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

_BILLING = Path(__file__).resolve().parents[2] / "billing"
_USUAL = frozenset({"99492", "99493", "99494", "99484"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerText:
    """The rules that judge a day (R-111): minutes, months, and yes or no."""

    midpoint: bool
    first_reached: bool
    gap_months: int
    consultant_counts: bool
    inpatient_counts: bool
    review_required: bool
    diagnosis_required: bool
    covered: frozenset[str] = _USUAL
    g2214_min: int | None = None
    g2214_clinics: bool = True
    max_99494: int | None = None
    yearly_99492: bool = False
    psychotherapy_allowed: bool = False
    free_months: int | None = None
    authorized_months: int | None = None
    g0512: bool = False
    g0512_first_min: int = 70
    g0512_later_min: int = 60


#: Names of the fields in payers' files and imports, and what their values mean.
_MEANINGS: dict[str, tuple[str, Any]] = {
    "time_rule": ("midpoint", lambda value: value == "midpoint"),
    "initial_policy": ("first_reached", lambda value: value == "first_month_reached"),
    "episode_gap_months": ("gap_months", int),
    "consultant_minutes": ("consultant_counts", lambda value: value == "count"),
    "inpatient_counts": ("inpatient_counts", lambda value: value in {True, "yes"}),
    "review_required": ("review_required", lambda value: value in {True, "yes"}),
    "diagnosis_required": ("diagnosis_required", lambda value: value in {True, "yes"}),
    "covered_codes": (
        "covered",
        lambda value: frozenset(value.split() if isinstance(value, str) else value),
    ),
    "g2214_min": ("g2214_min", int),
    "g2214_clinics": ("g2214_clinics", bool),
    "max_99494": ("max_99494", int),
    "limit_99492": ("yearly_99492", lambda value: value == "per calendar year"),
    "psychotherapy": ("psychotherapy_allowed", lambda value: value == "allowed"),
    "prior_auth_after_months": ("free_months", int),
    "authorized_months": ("authorized_months", int),
    "g0512": ("g0512", bool),
    "g0512_first_min": ("g0512_first_min", int),
    "g0512_later_min": ("g0512_later_min", int),
}


def _with(text: PayerText, field: str, value: Any) -> PayerText:
    if field not in _MEANINGS or value == "":
        return text
    name, meaning = _MEANINGS[field]
    return replace(text, **{name: meaning(value)})


def _files() -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((_BILLING / "payers").glob("*.toml"))]


class PayerTexts:
    """The rules of every payer of a practice."""

    def __init__(self, settings: Mapping[str, str], imported: list[dict[str, str]]) -> None:
        blank = PayerText(
            midpoint=False,
            first_reached=False,
            gap_months=6,
            consultant_counts=True,
            inpatient_counts=False,
            review_required=True,
            diagnosis_required=False,
        )
        for field, value in settings.items():
            blank = _with(blank, field, value)
        self._practice = blank
        self._imported = {row["name"]: row for row in imported}
        files = _files()
        self._built_in = {one["name"]: one["rule"] for one in files}
        others = tomllib.loads((_BILLING / "payer_names.toml").read_text("utf-8"))["payer"]
        self._names = {
            name.casefold(): one["name"]
            for one in (*others, *files)
            for name in (one["name"], *one["aliases"])
        }
        self._known: dict[tuple[str, date], PayerText] = {}

    def name(self, written: str) -> str:
        """The one name of a payer (R-111)."""
        return self._names.get(written.casefold(), written)

    def on(self, payer: str, day: date) -> PayerText:
        """The rules of a payer on a day (R-113)."""
        key = (payer, day)
        if key not in self._known:
            self._known[key] = self._made(payer, day)
        return self._known[key]

    def _made(self, payer: str, day: date) -> PayerText:
        text = self._practice
        for rule in self._built_in.get(payer, ()):
            in_force = rule.get("from", date.min) <= day <= rule.get("to", date.max)
            if in_force and "verified_on" in rule:
                text = _with(text, rule["field"], rule["value"])
        for field, value in self._imported.get(payer, {}).items():
            text = _with(text, field, value)
        return text
