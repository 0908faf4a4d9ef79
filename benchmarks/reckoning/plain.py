"""A patient of a practice's plain data, and what the rules' text says of their days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from holidays import country_holidays

_HOLIDAYS = country_holidays("US")
HELD = "inferred"
#: Kinds of work that never count (R-203, R-204).
NOT_CARE = frozenset({"admin", "psychotherapy", "crisis", "billed_separately"})


def day_of(written: str | None) -> date | None:
    """A day that may be unknown."""
    return date.fromisoformat(written) if written else None


def month_end(month: date) -> date:
    """Last day of the month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def number_of(day: date) -> int:
    """Months counted through, so that two can be subtracted."""
    return day.year * 12 + day.month


def is_late(on: date, recorded: date | None) -> bool:
    """Whether more than one business day lies between (R-401). What is not known is not late."""
    if recorded is None:
        return False
    days = (on + timedelta(days=step) for step in range(1, (recorded - on).days + 1))
    return sum(day.weekday() < 5 and day not in _HOLIDAYS for day in days) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainConsent:
    """A consent: from the day given to the day revoked, both included."""

    given: date
    revoked: date | None
    recorded: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainEpisode:
    """A stretch of care."""

    program: str
    begins: date
    ends: date | None
    assessed: date | None
    assessed_recorded: date | None
    consents: tuple[PlainConsent, ...]
    visit: date | None
    visit_needed: bool | None

    def consented(self, day: date) -> bool:
        """Whether consent holds on a day (R-207, R-208); where none is on file the minutes count (R-303)."""
        return not self.consents or any(
            one.given <= day <= (one.revoked or date.max) for one in self.consents
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainEntry:
    """An entry of time; order is that in which entries were first written."""

    mrn: str
    on: date
    seconds: int
    role: str
    by: int
    others: frozenset[int]
    activity: str
    source: str
    span: tuple[datetime, datetime] | None
    recorded_on: date
    order: tuple[Any, ...] = ()

    @property
    def is_care(self) -> bool:
        """Whether the kind of work counts; what is held does not, either (R-205)."""
        return self.activity not in NOT_CARE

    @property
    def is_held(self) -> bool:
        """Whether somebody is still asked what it was (R-205)."""
        return not self.is_care and self.source == HELD

    @property
    def is_late(self) -> bool:
        """Whether it was written late (R-401)."""
        return is_late(self.on, self.recorded_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRecord:
    """A score or a review: its day, and the day of writing."""

    on: date
    recorded: date | None
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPatient:
    """A patient."""

    mrn: str
    number: int
    episodes: tuple[PlainEpisode, ...]
    claims: dict[str, list[tuple[date, Any]]]
    scores: tuple[PlainRecord, ...]
    reviews: tuple[PlainRecord, ...]
    statements: tuple[tuple[str, date, date | None], ...]
    stays: tuple[tuple[date, date | None], ...]
    services: tuple[tuple[str, date, int | None], ...]
    attested: frozenset[tuple[date, str]]
    problems: bool
    entries: tuple[PlainEntry, ...]
    #: Whether what was recorded late is left out.
    seen_in_time: bool = False

    def claim(self, kind: str, day: date) -> Any:
        """What of the claim is in force on a day: what came first has held before, too (R-116)."""
        held, begun = None, month_end(day)
        for since, value in self.claims.get(kind, ()):
            if held is None and since <= begun:
                held = value
            if since <= day:
                held = value
        return held

    def in_facility(self, day: date) -> bool:
        """Whether the day is one of a stay (R-206)."""
        return any(came <= day < (left or date.max) or day == came for came, left in self.stays)

    def episodes_on(self, day: date) -> tuple[PlainEpisode, ...]:
        """Episodes under which a day's time is judged; none after a discharge (R-209)."""
        begun = [one for one in self.episodes if one.begins <= day]
        if not begun:
            return self.episodes[:1]
        latest = begun[-1]
        open_ones = [latest] if latest.ends is None or day <= latest.ends else []
        ended = begun[-2].ends if len(begun) > 1 else None
        if ended is not None and day == latest.begins and day <= ended:
            open_ones.append(begun[-2])
        return tuple(open_ones)

    def in_time(self, month: date) -> "PlainPatient":
        """The patient as if nothing on which the month rests had been recorded late (R-402)."""

        def late(on: date, recorded: date | None) -> bool:
            return recorded is not None and recorded > month and is_late(on, recorded)

        def kept(one: PlainEpisode) -> PlainEpisode:
            if one.assessed and late(one.assessed, one.assessed_recorded):
                one = replace(one, assessed=None)
            return replace(one, consents=tuple(on_file(consent) for consent in one.consents))

        def on_file(one: PlainConsent) -> PlainConsent:
            if one.recorded is not None and late(one.given, one.recorded):
                return replace(one, given=one.recorded)
            return one

        return replace(
            self,
            seen_in_time=True,
            episodes=tuple(kept(one) for one in self.episodes),
            scores=tuple(one for one in self.scores if not late(one.on, one.recorded)),
            reviews=tuple(one for one in self.reviews if not late(one.on, one.recorded)),
        )


def _begins(one: Mapping[str, Any]) -> date:
    """The first day of an episode: that of referral, of enrollment or of the initial assessment (R-301)."""
    days = (one["referred_on"], one["enrolled_on"], one["initial_assessment_on"])
    return min(date.fromisoformat(day) for day in days if day)


def _episode(one: Mapping[str, Any]) -> PlainEpisode:
    return PlainEpisode(
        program=one["program"],
        begins=_begins(one),
        ends=day_of(one["discharged_on"]),
        assessed=day_of(one["initial_assessment_on"]),
        assessed_recorded=day_of(one["assessment_recorded_on"]),
        consents=tuple(
            PlainConsent(
                given=date.fromisoformat(consent["given_on"]),
                revoked=day_of(consent["revoked_on"]),
                recorded=day_of(consent["recorded_on"]),
            )
            for consent in one["consents"]
        ),
        visit=day_of(one["initiating_visit_on"]),
        visit_needed=one["initiating_visit_needed"],
    )


def _entry(mrn: str, number: int, place: int, one: Mapping[str, Any]) -> PlainEntry:
    start = datetime.fromisoformat(one["start"]) if one["start"] else None
    span = (start, start + timedelta(seconds=one["seconds"])) if start else None
    recorded = datetime.fromisoformat(one["recorded_at"])
    return PlainEntry(
        mrn=mrn,
        on=date.fromisoformat(one["on"]),
        seconds=one["seconds"],
        role=one["role"],
        by=one["by"],
        others=frozenset(one["with"]),
        activity=one["activity"],
        source=one["source"],
        span=span,
        recorded_on=date.fromisoformat(one["recorded_on"]),
        order=(recorded, start or recorded, number, place),
    )


def _claims(one: Mapping[str, Any]) -> dict[str, list[tuple[date, Any]]]:
    """What the claim is made of from which day: what each episode says, then what changed (R-116)."""
    episodes = sorted(one["episodes"], key=_begins)
    npi = one["referring_npi"]
    found = {"referring_npi": [(_begins(episodes[0]) if episodes else date.min, npi)]}
    for kind in ("payer", "diagnosis_codes", "billing_npi", "place_of_service", "apcm"):
        found[kind] = _news([(_begins(episode), episode[kind]) for episode in episodes])
    for change in one["claim_changes"]:
        since = date.fromisoformat(change["from"])
        others = [known for known in found[change["kind"]] if known[0] != since]
        changed = sorted([*others, (since, change["value"])], key=lambda pair: pair[0])
        found[change["kind"]] = _news(changed)
    return found


def _news(held: list[tuple[date, Any]]) -> list[tuple[date, Any]]:
    """Without what says only once more what holds already."""
    return [pair for place, pair in enumerate(held) if not place or held[place - 1][1] != pair[1]]


def patient_of(number: int, one: Mapping[str, Any]) -> PlainPatient:
    """A patient of the plain data."""
    return PlainPatient(
        mrn=one["mrn"],
        number=number,
        episodes=tuple(sorted(map(_episode, one["episodes"]), key=lambda episode: episode.begins)),
        claims=_claims(one),
        scores=tuple(
            PlainRecord(
                on=date.fromisoformat(score["on"]), recorded=day_of(score["recorded_on"]), what=score["scale"]
            )
            for score in one["scores"]
        ),
        reviews=tuple(
            PlainRecord(on=date.fromisoformat(review["on"]), recorded=day_of(review["recorded_on"]))
            for review in one["reviews"]
        ),
        statements=tuple(
            (made["kind"], date.fromisoformat(made["on"]), day_of(made["until"]))
            for made in one["statements"]
        ),
        stays=tuple((date.fromisoformat(stay["from"]), day_of(stay["to"])) for stay in one["stays"]),
        services=tuple(
            (service["code"], date.fromisoformat(service["on"]), service["by"]) for service in one["services"]
        ),
        attested=frozenset((date.fromisoformat(made["month"]), made["kind"]) for made in one["attestations"]),
        problems=one["problems_recorded"],
        entries=tuple(_entry(one["mrn"], number, place, entry) for place, entry in enumerate(one["entries"])),
    )
