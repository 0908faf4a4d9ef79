"""A practice's months, reckoned from the text of docs/billing-rules.md, without a line of the program."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from benchmarks.reckoning.judging import BHI, FIRST, NOT_ENROLLED, Judge, Weighed
from benchmarks.reckoning.payer_text import PayerTexts
from benchmarks.reckoning.plain import (
    PlainEntry,
    PlainEpisode,
    PlainPatient,
    month_end,
    number_of,
    patient_of,
)

_FAMILY = frozenset({"99492", "99493", "99494", "G2214", "99484", "G0512", "G0568", "G0569", "G0570"})
_APCM = frozenset({"G0556", "G0557", "G0558"})
_THERAPY = frozenset({*map(str, range(90832, 90841)), *map(str, range(90845, 90850)), "90853"})
_ADD_ONS_FROM = date(2026, 1, 1)
#: Findings about what a month needs on file, which may have been recorded late (R-402).
_RECORDS = frozenset({"R-303", "R-306", "R-307", "R-308", "R-309", "R-327"})


def reckon(practice: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """What the rules' text makes of each patient's months with an entry, by month ("2025-10") and MRN."""
    patients = [patient_of(number, one) for number, one in enumerate(practice["patients"])]
    texts = PayerTexts(practice["settings"], practice["payers"])
    lines = _Lines(Judge(texts, patients))
    return {
        (f"{month:%Y-%m}", patient.mrn): lines.line(patient, month)
        for patient in patients
        for month in sorted({one.on.replace(day=1) for one in patient.entries})
    }


def npi_is_valid(npi: str) -> bool:
    """Whether ten digits pass Luhn with the prefix 80840 (R-310)."""
    if len(npi) != 10 or not npi.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed(f"80840{npi}")):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


class _Lines:
    """Lines with what blocks them."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._made: dict[tuple[str, date], dict[str, Any]] = {}
        judge.is_billable = lambda patient, month: self.line(patient, month)["status"] == "billable"

    def line(self, patient: PlainPatient, month: date) -> dict[str, Any]:
        """What is compared of a patient's month."""
        key = (patient.mrn, month)
        if key not in self._made:
            self._made[key] = self._line(patient, month)
        return self._made[key]

    def _line(self, patient: PlainPatient, month: date) -> dict[str, Any]:
        weighed = self._judge.weighed(patient, month)
        blockers = self._blockers(patient, month, weighed)
        bills = weighed.bills
        codes = dict(weighed.codes) if bills else {}
        blocked = "blocked" if blockers or not bills else "billable"
        status = blocked if weighed.codes else "below"
        return {
            "seconds": weighed.seconds,
            "codes": codes,
            "billable_codes": _billable(patient, month, weighed) if status == "billable" else {},
            "status": status,
            "date_of_service": weighed.day.isoformat() if weighed.day and bills else None,
            "blockers": sorted({one.partition(":")[0] for one in blockers}),
        }

    def _blockers(self, patient: PlainPatient, month: date, weighed: Weighed) -> set[str]:
        if weighed.kind == NOT_ENROLLED:
            return {NOT_ENROLLED}
        found = set(self._on_file(patient, month, weighed)) | set(_claim(patient, month, weighed))
        if weighed.bills and weighed.codes:
            found |= set(_earned(patient, month, weighed))
            if (month, "late_record") not in patient.attested:
                found |= self._late_records(patient, month, found, next(iter(weighed.codes)))
        return found

    def _on_file(self, patient: PlainPatient, month: date, weighed: Weighed) -> Iterator[str]:
        """What the month needs of its program."""
        if not weighed.bills:
            yield weighed.kind
        if weighed.program is None:
            latest = _latest(patient, month)
            if not latest.consents:
                yield "R-303"
            yield from _new_practitioner(patient, month, weighed, latest)
            return
        episode = weighed.episode
        assert episode is not None
        if self._lacks_consent(patient, month, weighed, episode):
            yield "R-303"
        yield from (self._general if weighed.program == BHI else self._collaborative)(
            patient, month, weighed, episode
        )
        yield from _new_practitioner(patient, month, weighed, episode)

    @staticmethod
    def _lacks_consent(patient: PlainPatient, month: date, weighed: Weighed, episode: PlainEpisode) -> bool:
        last = month_end(month)
        days = [month + timedelta(days=step) for step in range((last - month).days + 1)]
        episodes = {one.begins: one for day in days for one in patient.episodes_on(day)}
        if len(episodes) <= 1 or not weighed.seconds:
            return not episode.consents
        return any(
            seconds and not any(under.consents for under in patient.episodes_on(one.on))
            for one, seconds in weighed.counted.items()
        )

    def _collaborative(
        self, patient: PlainPatient, month: date, weighed: Weighed, episode: PlainEpisode
    ) -> Iterator[str]:
        last = month_end(month)
        if weighed.kind == FIRST and not any(episode.begins <= one.on <= last for one in patient.scores):
            yield "R-308"
        if weighed.text.review_required and not _reviewed(patient, month):
            yield "R-309"
        if _lacks_visit(episode, [episode.visit], episode.begins, last):
            yield "R-312"
        yield from _therapy(patient, month, weighed)
        yield from _authorization(patient, month, weighed, episode)

    def _general(
        self, patient: PlainPatient, month: date, weighed: Weighed, episode: PlainEpisode
    ) -> Iterator[str]:
        last = month_end(month)
        began, assessed, visits = episode.begins, [episode.assessed], [episode.visit]
        earlier = [one for one in patient.episodes if one.begins < episode.begins]
        for one in reversed(earlier):
            care = self._judge.last_care(patient, one, episode, month)
            if number_of(began) - number_of(care) > weighed.text.gap_months:
                break
            began = one.begins
            assessed.append(one.assessed)
            visits.append(one.visit)
        if not any(day and day <= last for day in assessed):
            yield "R-327: assessment"
        if not any(began <= one.on <= last for one in patient.scores):
            yield "R-327: scale"
        if _lacks_visit(episode, visits, began, last):
            yield "R-327: visit"

    def _late_records(self, patient: PlainPatient, month: date, found: set[str], first: str) -> set[str]:
        """Whether the line would lack something more, or its first code, without what was recorded late (R-402)."""
        seen = patient.in_time(month)
        weighed = self._judge.weigh(seen, month)
        missing = set(self._on_file(seen, month, weighed)) - found
        lacks = any(one.partition(":")[0] in _RECORDS for one in missing)
        same = weighed.bills and next(iter(weighed.codes), None) == first
        return {"R-402"} if lacks or not same else set()


def _latest(patient: PlainPatient, month: date) -> PlainEpisode:
    """The latest episode begun by the month's end."""
    return [one for one in patient.episodes if one.begins <= month_end(month)][-1]


def _reviewed(patient: PlainPatient, month: date) -> bool:
    """Whether the consultant reviewed the case in the month (R-309)."""
    consultants = {11, 12}
    if any(one.on.replace(day=1) == month for one in patient.reviews):
        return True
    return any(
        one.on.replace(day=1) == month
        and one.activity == "case_review"
        and not (patient.seen_in_time and one.is_late and one.recorded_on > month)
        and (one.role == "consultant" or one.others & consultants)
        for one in patient.entries
    )


def _lacks_visit(episode: PlainEpisode, visits: list[date | None], began: date, last: date) -> bool:
    since = began - timedelta(days=366)
    return bool(episode.visit_needed) and not any(day and since <= day <= last for day in visits)


def _therapy(patient: PlainPatient, month: date, weighed: Weighed) -> Iterator[str]:
    """Psychotherapy by a care manager whose minutes count (R-315)."""
    if weighed.text.psychotherapy_allowed:
        return
    managers = {one.by for one, seconds in weighed.counted.items() if seconds and one.role == "care_manager"}
    sessions = {
        one.by
        for one in patient.entries
        if one.on.replace(day=1) == month and one.activity == "psychotherapy" and not one.is_held
    }
    claims = {by for code, on, by in patient.services if code in _THERAPY and on.replace(day=1) == month}
    if managers & (sessions | claims):
        yield "R-315"


def _authorization(
    patient: PlainPatient, month: date, weighed: Weighed, episode: PlainEpisode
) -> Iterator[str]:
    """Months that the payer pays without authorization, and with it (R-323, R-329)."""
    free = weighed.text.free_months
    if free is None:
        return
    which = number_of(month) - number_of(episode.assessed or episode.begins) + 1
    more = weighed.text.authorized_months
    if more is not None and which > free + more:
        yield "R-329"
    elif which > free and not _stated(patient, month, "prior_authorization"):
        yield "R-323"


def _stated(patient: PlainPatient, month: date, kind: str) -> bool:
    last = month_end(month)
    return any(
        made == kind and on <= last and (until is None or until >= month)
        for made, on, until in patient.statements
    )


def _new_practitioner(
    patient: PlainPatient, month: date, weighed: Weighed, episode: PlainEpisode
) -> Iterator[str]:
    """Another billing practitioner asks for a new consent (R-117)."""
    day = weighed.claim_day(month)
    later = [
        pair for pair in patient.claims.get("billing_npi", []) if episode.begins < pair[0] <= day and pair[1]
    ]
    bills, changes = patient.claim("billing_npi", episode.begins), []
    for since, npi in later:
        if npi_is_valid(bills or "") and npi_is_valid(npi) and npi != bills:
            changes.append(since)
        bills = npi
    if changes and episode.consents and not any(max(changes) <= one.given <= day for one in episode.consents):
        yield "R-117"


def _claim(patient: PlainPatient, month: date, weighed: Weighed) -> Iterator[str]:
    """What the claim itself needs."""
    day = weighed.claim_day(month)
    bills = patient.claim("billing_npi", day)
    if not npi_is_valid(patient.claim("referring_npi", day) or "") or (bills and not npi_is_valid(bills)):
        yield "R-310"
    if weighed.text.diagnosis_required and not patient.claim("diagnosis_codes", day) and not patient.problems:
        yield "R-311"


def _earned(patient: PlainPatient, month: date, weighed: Weighed) -> Iterator[str]:
    """What holds a line that reaches codes."""
    day = weighed.claim_day(month)
    codes_on_file = {code for code, on, _ in patient.services if on.replace(day=1) == month}
    attested = {kind for when, kind in patient.attested if when == month}
    if codes_on_file & _FAMILY and "other_claim" not in attested:
        yield "R-326"
    apcm = patient.claim("apcm", day) or codes_on_file & _APCM
    if apcm and day >= _ADD_ONS_FROM and "apcm" not in attested:
        yield "R-320"
    if weighed.shared_payers and "coverage" not in attested:
        yield "R-119"
    first = next(iter(weighed.codes))
    if "late_time" not in attested and first not in weighed.without(lambda one: one.is_late):
        yield "R-402"
    if "consultant_time" not in attested and first not in weighed.without(_is_consultants):
        yield "R-403"


def _is_consultants(one: PlainEntry) -> bool:
    return one.role == "consultant"


def _billable(patient: PlainPatient, month: date, weighed: Weighed) -> dict[str, int]:
    """Codes without units of 99494 that only the consultant's minutes carry (R-403)."""
    if (month, "consultant_time") in patient.attested:
        return dict(weighed.codes)
    without = weighed.without(_is_consultants)
    return {code: without[code] for code in weighed.codes if without.get(code)}
