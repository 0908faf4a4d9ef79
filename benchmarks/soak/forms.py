"""Forms of a running bot, filled in with anything that a person, or a broken client, could put into a field."""

import copy
from typing import Any

from hypothesis import strategies as st

from benchmarks.soak.at_work import MRN, NOTE, AtWork
from benchmarks.soak.parser import FRAGMENTS
from benchmarks.soak.rounds import rounds
from benchmarks.soak.tally import KeptTally
from sandbox.model import JSON

_TEXTS = st.one_of(
    st.none(),
    st.sampled_from(FRAGMENTS),
    st.lists(st.sampled_from(FRAGMENTS), max_size=4).map(" ".join),
    st.sampled_from(
        [
            "",
            " ",
            "15m",
            "1h30",
            "2-2:25pm",
            f"MRN{MRN}01",
            f"{NOTE} call",
            "0",
            "-5",
            "9" * 30,
            "x" * 3_000,
            "\u202e",
            "31.12.2026",
            "1234567893",
        ]
    ),
    st.text(max_size=30),
)
_DAYS = st.one_of(
    st.none(), st.dates().map(str), st.sampled_from(["2026-11-03", "2026-10-28", "2027-01-01", "1900-01-01"])
)
_TIMES = st.one_of(st.none(), st.times().map(lambda one: f"{one:%H:%M}"), st.just("23:59"))
#: Drawn for every field alike; each takes what is of its kind.
_FIELD = st.fixed_dictionaries(
    {"text": _TEXTS, "day": _DAYS, "time": _TIMES, "place": st.integers(-1, 30), "other": st.text(max_size=8)}
)
_FILLED = st.tuples(st.integers(0, 10**6), st.lists(_FIELD, min_size=1, max_size=6))


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """Submit so many forms."""
    with AtWork(tally, seed) as at_work:
        templates = [one for kind, one in at_work.seen.payloads if one.get("type") == "view_submission"]
        # The same form opened twice is one template.
        templates = list({one["view"]["callback_id"]: one for one in templates}.values())
        tally.met["forms"] = len(templates)

        def trial(one: tuple[int, list[JSON]]) -> None:
            place, given = one
            template = templates[place % len(templates)]
            payload = filled(at_work.fresh(template), given)
            what = f"{payload['view']['callback_id']} with {given}"
            with tally.trying(what):
                _submit(at_work, tally, payload, what)

        rounds(tally, seed, budget, _FILLED, trial)


def _submit(at_work: AtWork, tally: KeptTally, payload: JSON, what: str) -> None:
    acts = at_work.acts()
    said = at_work.signed("interactive", payload)
    grown = at_work.acts() - acts
    answer = said.answer or {}
    told = str(answer.get("response_action") or ("closed" if said.status == 200 else said.status))
    at_work.judge_answer(said, what)
    at_work.judge_log(what)
    if grown and told == "errors":
        tally.wrong("faults", f"stored, and told what is wrong: {what}")
    if grown and not said.shown:
        tally.wrong("faults", f"stored, and nothing was shown: {what}")
    if not grown and told == "closed" and not said.shown:
        tally.wrong("lost", f"the form closed, nothing was stored and nothing said: {what}")
    again = at_work.signed("interactive", payload, retry=True)
    if at_work.acts() - acts != grown:
        tally.wrong("twice", f"stored again at its redelivery: {what}")
    at_work.judge_answer(again, what)
    tally.met[f"{told}{', stored' if grown else ''}"] += 1


def filled(payload: JSON, given: list[JSON]) -> JSON:
    """A form as somebody filled it in."""
    made = copy.deepcopy(payload)
    view = made["view"]
    values: dict[str, Any] = {}
    for number, block in enumerate(one for one in view["blocks"] if one["type"] == "input"):
        element = block["element"]
        held = {"type": element["type"], **_held(element, given[number % len(given)])}
        values[block["block_id"]] = {element["action_id"]: held}
    view["state"] = {"values": values}
    return made


def _held(element: JSON, given: JSON) -> JSON:
    """What Slack says that an element holds."""
    kind = element["type"]
    options = element.get("options") or [
        option for group in element.get("option_groups") or () for option in group["options"]
    ]
    place = given["place"]
    chosen = options[place % len(options)] if options and place >= 0 else None
    if kind == "external_select":
        chosen = element.get("initial_option")
        if chosen is None and place > 0:
            chosen = {"text": {"type": "plain_text", "text": "x"}, "value": given["other"] or f"MRN{MRN}01"}
    match kind:
        case "datepicker":
            return {"selected_date": given["day"]}
        case "timepicker":
            return {"selected_time": given["time"]}
        case "users_select":
            return {"selected_user": "U0BEN" if place > 0 else None}
        case "checkboxes" | "multi_static_select":
            return {"selected_options": options[: max(0, place % (len(options) + 1))]}
        case "static_select" | "radio_buttons" | "external_select":
            return {"selected_option": chosen}
        case _:
            return {"value": given["text"]}
