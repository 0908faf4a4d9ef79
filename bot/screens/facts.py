"""Lines about facts that are kept in versions: what each holds, and what of it became otherwise."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from billing.clinical import Scale
from billing.episodes import ConsentKind, Program
from billing.months import BillingMonth
from billing.safety import ITEMS, answer_words
from bot import kit
from bot.replies import Reply
from bot.screens.lines import fitting, sections
from bot.screens.phrases import clock, count, day_name, month_name, more
from services.acts.fact_history import FactHistory, FactVersionView
from services.acts.went import FactWent
from services.people.patients import shown_mrn

_Values = Mapping[str, Any]
_NONE = "none"
HISTORY_PUSH = "A patient's history."
_HOW = (
    "Entries have a history of their own: `/cocm history e-36`. To take back one of these, its author or a supervisor "
    "writes `/cocm void`, its reference, and the reason."
)
_REASON = 200
#: What is said of a fact that counts no more, where it is not that it is no longer on file.
_GONE = {"set_aside": "named again", "practice_setting": "taken back", "cover": "taken back"}
#: What wrote a version, where the line itself does not say it.
_ACTS = {
    "undo": "undone",
    "put_back": "put back",
    "void": "voided",
    "import": "imported",
    "import_undo": "its import was taken back",
    "upgrade": "on file when its history began",
}

#: What a fact of each kind is called.
KINDS = {
    "episode": "enrollment",
    "case_review": "case review",
    "score": "score",
    "statement": "statement",
    "admission": "facility stay",
    "claim_fact": "claim",
    "attestation": "attestation",
    "patient": "roster",
    "member": "reminders",
    "reminder_choice": "reminders",
    "practice_reminder_choice": "the practice's reminders",
    "set_aside": "left out of the digest",
    "practice_setting": "setting",
    "cover": "cover",
}
#: What each fact of a claim is called.
_CLAIMS = {
    "payer": "payer",
    "referring_npi": "referring NPI",
    "billing_npi": "billing NPI",
    "diagnosis_codes": "diagnosis codes",
    "place_of_service": "place of service",
    "apcm": "Advanced Primary Care Management",
    "care_manager": "care manager",
}


def fact_lines(went: FactWent, today: date) -> list[str]:
    """`MRN123 · discharge: none (was today: moved away)`, one line for each thing that is otherwise."""
    if went.kind == "timer":
        return [_timer_line(went)]
    about = [kit.escape(shown_mrn(went.patient.mrn))] if went.patient else []
    return [" · ".join((*about, line)) for line in changes(went.kind, went.before, went.after, today)]


def _timer_line(went: FactWent) -> str:
    """Whether a timer runs again, was stopped again, or never ran."""
    values = went.after or went.before or {}
    name = f"Your timer for {kit.escape(shown_mrn(values['mrn']))}" if values["mrn"] else "Your timer"
    if went.after is None:
        return f"{name} runs no more; none of it was logged."
    if (state := went.after["state"]).startswith("running"):
        return f"*{name} runs again*, {state.removeprefix('running ')}. `/cocm timer` shows it."
    return f"{name} is {'stopped' if state == 'logged' else state}."


def fact_versions(told: FactHistory, zone: ZoneInfo) -> Reply:
    """Every version, the newest first, so that what is left out is the oldest."""
    lines = [_version_lines(one, told.today, zone) for one in told.versions]
    shown = fitting(lines)
    who = kit.escape(shown_mrn(told.patient.mrn))
    blocks = [kit.section(f"*{who}* · {count(len(lines), 'version')} of care facts"), *sections(shown)]
    if len(shown) < len(lines):
        blocks.append(kit.context(more(len(lines) - len(shown), "earlier version")))
    blocks.append(kit.context(_HOW))
    return Reply(text=HISTORY_PUSH, blocks=tuple(blocks))


def _version_lines(one: FactVersionView, today: date, zone: ZoneInfo) -> str:
    """`c-4b.3 · today, 2:05 pm · Ana Flores · discharge: today: moved away`, and why."""
    when = (
        f"{day_name(one.at.astimezone(zone).date(), today)}, {clock(one.at, zone)}" if one.at else "undated"
    )
    who = kit.escape(one.author.display_name) if one.author else ""
    parts = [f"`{one.reference}`", when, who, _ACTS.get(one.act, "")]
    said = "; ".join(changes(one.kind, one.before, one.after, today)) or f"{KINDS[one.kind]}: unchanged"
    if one.moved_to is not None:
        parts.append(f"moved to {kit.escape(shown_mrn(one.moved_to.mrn))}")
    lines = [" · ".join(part for part in (*parts, said) if part)]
    if one.reason and one.act == "void":
        lines.append(f"Reason: {kit.escape(kit.clip(one.reason, _REASON))}")
    return "\n".join(lines)


def changes(kind: str, before: _Values | None, after: _Values | None, today: date) -> list[str]:
    """What became otherwise from one state of a fact to the next; None is a state in which it does not count."""
    if kind not in _PARTS:
        return _whole(kind, before, after, today)
    lines = []
    for label, say in _PARTS[kind]:
        was, now = (say(values, today) if values else "" for values in (before, after))
        if was != now:
            lines.append(f"{label}: {now or _NONE}" + (f" (was {was})" if was else ""))
    return lines


def _whole(kind: str, before: _Values | None, after: _Values | None, today: date) -> list[str]:
    """Of what is one thing: `PHQ-9 14, today: no longer on file`."""
    was, now = (_said(kind, values, today) if values else "" for values in (before, after))
    name = KINDS[kind]
    if not now:
        return [f"{name}: {was}, {_GONE.get(kind, 'no longer on file')}"] if was else []
    return [f"{name}: {now}" + (f" (was {was})" if was and was != now else "")]


def _said(kind: str, values: _Values, today: date) -> str:  # noqa: PLR0911 - a table
    """A fact in a few words."""
    match kind:
        case "case_review":
            sent = f", sent {_day(values['sent_on'], today)}" if values["sent_on"] else ""
            by = f" by {kit.escape(values['consultant'])}" if values["consultant"] else ""
            return f"{_day(values['reviewed_on'], today)}{by}{sent}"
        case "score":
            return f"{_score(values)}, {_day(values['measured_on'], today)}{_seen(values)}"
        case "statement":
            # What holds for its own day alone needs no end said.
            ends = values["valid_until"] if values["valid_until"] != values["made_on"] else None
            until = f" until {_day(ends, today)}" if ends else ""
            return f"{values['kind'].replace('_', ' ')}, {_day(values['made_on'], today)}{until}"
        case "admission":
            left = f" to {_day(values['left_on'], today)}" if values["left_on"] else ""
            return f"{'from' if left else 'since'} {_day(values['admitted_on'], today)}{left}"
        case "claim_fact":
            value = kit.escape(values["value"]) or _NONE
            return f"{_CLAIMS[values['kind']]} {value} from {_day(values['from_day'], today)}"
        case "attestation":
            return f"{values['kind'].replace('_', ' ')} of {month_name(values['month'], today)}"
        case "cover":
            days = f"{_day(values['first_day'], today)} to {_day(values['last_day'], today)}"
            return f"{kit.escape(values['covered_by'])} for {kit.escape(values['away'])}, {days}"
        case _:
            return _said_of_practice(values) if kind == "practice_setting" else _said_of_month(values, today)


def _score(values: _Values) -> str:
    scale, answer = Scale(values["scale"]), values["answer"]
    if answer is None:
        return f"{scale} {values['value']}"
    said = answer_words(scale, answer)
    return f"{scale} {values['value']}, {said}" if scale in ITEMS else f"{scale} {said}"


def _seen(values: _Values) -> str:
    return f", seen by {kit.escape(values['seen_by'])}" if values["seen_by"] else ""


def _said_of_practice(values: _Values) -> str:
    day = values["from_day"]
    return f"{values['name']} {values['value']} from {day:%b} {day.day}, {day.year} on"


def _said_of_month(values: _Values, today: date) -> str:
    month = BillingMonth(year=values["month"] // 100, month=values["month"] % 100)
    return month_name(month, today)


def _day(day: date, today: date) -> str:
    return day_name(day, today)


def _dated(name: str) -> Callable[[_Values, date], str]:
    return lambda values, today: _day(values[name], today) if values[name] else ""


def _plain(name: str) -> Callable[[_Values, date], str]:
    return lambda values, _: kit.escape(str(values[name] or ""))


def _flag(name: str) -> Callable[[_Values, date], str]:
    return lambda values, _: "yes" if values[name] else ""


def _enrollment(values: _Values, today: date) -> str:
    since = f" since {_day(values['enrolled_on'], today)}" if values["enrolled_on"] else ""
    return f"{Program(values['program'])}{since}"


def _consent(values: _Values, today: date) -> str:
    if not values["consent_given_on"]:
        return ""
    kind = f"{ConsentKind(values['consent_kind'])}, " if values["consent_kind"] else ""
    told = {True: ", cost-sharing disclosed", False: ", cost-sharing not disclosed", None: ""}
    revoked = values["consent_revoked_on"]
    gone = f", revoked {_day(revoked, today)}" if revoked else ""
    return f"{kind}{_day(values['consent_given_on'], today)}{told[values['consent_cost_sharing']]}{gone}"


def _discharge(values: _Values, today: date) -> str:
    if not values["discharged_on"]:
        return ""
    reason = f": {kit.escape(values['discharge_reason'])}" if values["discharge_reason"] else ""
    return f"{_day(values['discharged_on'], today)}{reason}"


def _off(values: _Values, _: date) -> str:
    return ", ".join(name.replace("_", " ") for name in values["off"])


def _times(values: _Values, _: date) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {_clock(at)}" for name, at in values["times"].items())


def _quiet(values: _Values, _: date) -> str:
    start, end = values["quiet_from"], values["quiet_to"]
    return f"{_clock(start)} to {_clock(end)}" if start and end else ""


def _snooze(values: _Values, _: date) -> str:
    return "on" if values["snoozed_until"] else ""


def _morning(values: _Values, _: date) -> str:
    return _clock(values["digest_at"]) if values["digest_at"] else ""


def _clock(at: time) -> str:
    return f"{at:%I:%M %p}".lstrip("0").lower()


_CHOICE = (
    ("messages switched off", _off),
    ("times", _times),
    ("quiet hours", _quiet),
    ("snooze", _snooze),
)
#: Of what has many parts, what each is called and how it is said; empty words are none.
_PARTS: Mapping[str, tuple[tuple[str, Callable[[_Values, date], str]], ...]] = {
    "episode": (
        ("enrollment", _enrollment),
        ("initial assessment", _dated("initial_assessment_on")),
        ("consent", _consent),
        ("discharge", _discharge),
        ("care manager", _plain("care_manager")),
        ("payer", _plain("payer")),
        ("referred", _dated("referred_on")),
        ("initiating visit", _dated("initiating_visit_on")),
        ("diagnosis codes", lambda values, _: " ".join(values["diagnosis_codes"])),
        ("billing NPI", _plain("billing_npi")),
        ("place of service", _plain("place_of_service")),
        ("outside therapist", _flag("outside_therapist")),
        ("Advanced Primary Care Management", _flag("apcm")),
        ("Part 2 record", _flag("part2_record")),
    ),
    "patient": (
        ("on the roster", lambda values, _: "yes" if values["on_roster"] else "no"),
        ("referring NPI", _plain("referring_npi")),
    ),
    "member": (("morning messages", _morning),),
    "reminder_choice": _CHOICE,
    "practice_reminder_choice": _CHOICE,
}
