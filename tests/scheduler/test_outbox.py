"""The states of a delivery, step by step."""

from dataclasses import replace
from datetime import timedelta
from itertools import count, pairwise
from random import Random

import pytest

from scheduler import outbox
from scheduler.outbox import Step, next_step
from services.messages.deliveries import (
    BILLING,
    Delivery,
    DueDelivery,
    Limited,
    Recipient,
    Sent,
    State,
    deliveries_for,
)
from services.messages.kind import Part
from tests.support.owing import utc

NOW = utc("2026-12-01 13:00")
LATER = NOW + timedelta(minutes=1)
TOO_LATE = utc("2027-01-15 13:00")
MONTH_END = DueDelivery(
    kind="month_end", period="month_end:2026-11", recipient=BILLING, due_at=NOW, useful_until=TOO_LATE
)
SENT = Sent(channel="C1", ts="17.5")


def parts() -> tuple[Delivery, ...]:
    numbers = count(1)
    return deliveries_for(MONTH_END, NOW, lambda: f"d{next(numbers)}")


def message(**facts: object) -> Delivery:
    return replace(parts()[0], **facts)  # type: ignore[arg-type]


def file(**facts: object) -> Delivery:
    return replace(parts()[1], **facts)  # type: ignore[arg-type]


@pytest.fixture
def chance() -> Random:
    return Random(1)


def test_what_is_owed_is_put_into_the_outbox_part_by_part() -> None:
    """The month end is a message and two files that go into its thread."""
    summary, xlsx, csv = parts()
    assert [each.part for each in parts()] == [Part.MESSAGE, Part.XLSX, Part.CSV]
    assert (summary.thread_of, xlsx.thread_of, csv.thread_of) == (
        None,
        summary.delivery_id,
        summary.delivery_id,
    )
    assert {each.state for each in parts()} == {State.NEW}
    assert {each.key for each in parts()} == {MONTH_END.key}


@pytest.mark.parametrize(("text", "recipient"), [("billing", BILLING), ("member:12", Recipient(12))])
def test_a_recipient_is_stored_as_text(text: str, recipient: Recipient) -> None:
    """And read back."""
    assert (str(recipient), Recipient.parse(text)) == (text, recipient)


@pytest.mark.parametrize("text", ["", "member:", "member:-1", "channel:1"])
def test_no_other_text_is_a_recipient(text: str) -> None:
    """It says what one looks like."""
    with pytest.raises(ValueError, match="Write it as billing, member:12 or newcomer:3"):
        Recipient.parse(text)


@pytest.mark.parametrize(
    ("state", "now", "step"),
    [
        (State.NEW, NOW, Step.SEND),
        (State.FAILED, NOW, Step.SEND),
        (State.NEW, TOO_LATE, Step.LAPSE),
        (State.FAILED, TOO_LATE, Step.LAPSE),
        (State.SENDING, NOW, Step.TAKE_OVER),
        (State.SENDING, TOO_LATE, Step.TAKE_OVER),
        (State.AMBIGUOUS, NOW, Step.LOOK),
        (State.AMBIGUOUS, TOO_LATE, Step.LOOK),
    ],
)
def test_what_comes_next(state: State, now: object, step: Step) -> None:
    """Once its wait is over; what Slack may have is looked for however late it is."""
    assert next_step(message(state=state), now) is step  # type: ignore[arg-type]


def test_every_step_is_a_new_version(chance: Random) -> None:
    """So that of two nodes one wins, and who comes late may write nothing."""
    begun = outbox.claimed(message(), NOW)
    steps = [
        begun,
        outbox.sent(begun, LATER, SENT),
        outbox.silent(begun, LATER),
        outbox.limited(begun, LATER, Limited(seconds=1), chance),
        outbox.refused(begun, LATER, "not_in_channel", chance),
        outbox.unsure(begun, LATER, chance),
        outbox.lapsed(message(), LATER),
    ]
    assert [each.version for each in steps] == [2, 3, 3, 3, 3, 3, 2]
    assert [each.changed_at for each in steps[1:]] == [LATER] * 6


def test_a_claim_holds_a_lease_that_outlasts_what_it_is_for(chance: Random) -> None:
    """Composing and one call fit into it; without an answer the next node looks first."""
    begun = outbox.claimed(message(), NOW)
    assert (begun.state, begun.attempts, begun.wait_seconds) == (State.SENDING, 1, outbox.LEASE)
    assert outbox.LEASE > outbox.COMPOSE_DEADLINE + outbox.DEADLINE
    assert outbox.unsure(begun, LATER, chance).state is State.AMBIGUOUS


def test_what_is_not_wanted_just_now_was_no_attempt() -> None:
    """It is new again for as long as asked, and its back-off later begins where it would have."""
    held = outbox.held_back(outbox.claimed(message(), NOW), LATER, 600)
    assert (held.state, held.version, held.wait_seconds, held.attempts) == (State.NEW, 3, 600, 0)


def test_sent_is_where_it_is() -> None:
    """Channel and time stamp are kept, and an old refusal is forgotten."""
    done = outbox.sent(outbox.claimed(message(code="not_in_channel"), NOW), LATER, SENT)
    assert (done.state, done.channel, done.ts, done.code) == (State.SENT, "C1", "17.5", None)
    assert done.state.is_final


@pytest.mark.parametrize("seconds", [0, 0.2, 1, 30, 7200])
def test_a_limit_is_honored_to_the_second_and_spread(seconds: float, chance: Random) -> None:
    """Never less than Slack asked for, and not all at once after it."""
    begun = outbox.claimed(message(), NOW)
    waits = {outbox.limited(begun, LATER, Limited(seconds=seconds), chance).wait_seconds for _ in range(200)}
    assert min(waits) >= seconds
    assert max(waits) <= seconds + 3
    assert len(waits) > 1


def test_a_refusal_waits_to_be_mended_and_says_why(chance: Random) -> None:
    """It is tried again after ten minutes or so; its reason is kept for the administrators."""
    failed = outbox.refused(outbox.claimed(message(), NOW), LATER, "not_in_channel", chance)
    assert (failed.state, failed.code) == (State.FAILED, "not_in_channel")
    assert outbox.REFUSED_RETRY <= failed.wait_seconds <= 2 * outbox.REFUSED_RETRY


def test_an_ambiguous_message_is_looked_for_three_times_before_a_second_attempt(chance: Random) -> None:
    """Soon; after deadline and settle time; and once more. Only then it is new again."""
    step = outbox.unsure(outbox.claimed(message(), NOW), LATER, chance)
    assert (step.state, step.wait_seconds) == (State.AMBIGUOUS, outbox.LOOK_SOON)
    step = outbox.missed(outbox.looking(step, LATER), LATER, chance)
    assert (step.state, step.wait_seconds) == (State.AMBIGUOUS, outbox.DEADLINE + outbox.SETTLE)
    step = outbox.missed(outbox.looking(step, LATER), LATER, chance)
    assert (step.state, step.wait_seconds) == (State.AMBIGUOUS, outbox.LOOK_AGAIN)
    step = outbox.missed(outbox.looking(step, LATER), LATER, chance)
    assert step.state is State.NEW
    assert step.wait_seconds > 0
    again = outbox.claimed(step, LATER)
    assert (again.attempts, again.looks) == (2, 0)


def test_what_is_found_is_sent(chance: Random) -> None:
    """Whoever looks and finds it closes the matter."""
    looking = outbox.looking(outbox.unsure(outbox.claimed(message(), NOW), LATER, chance), LATER)
    assert looking.wait_seconds == outbox.LEASE
    assert outbox.sent(looking, LATER, SENT).state is State.SENT


def test_a_look_without_an_answer_is_no_look(chance: Random) -> None:
    """It counts for nothing, and a refused one tells the administrators why."""
    looking = outbox.looking(outbox.unsure(outbox.claimed(message(), NOW), LATER, chance), LATER)
    blind = outbox.unseen(looking, LATER, chance, "missing_scope")
    assert (blind.state, blind.looks, blind.code) == (State.AMBIGUOUS, 0, "missing_scope")
    assert blind.wait_seconds >= 30
    assert outbox.limited(looking, LATER, Limited(seconds=1), chance).state is State.AMBIGUOUS
    assert outbox.missed(outbox.looking(blind, LATER), LATER, chance).code is None


def test_what_is_of_no_use_any_more_is_not_sent_again(chance: Random) -> None:
    """Neither after three looks in vain, nor when it cannot be looked for."""
    step = outbox.looking(message(state=State.AMBIGUOUS, looks=2), NOW)
    assert outbox.missed(step, TOO_LATE, chance).state is State.LAPSED
    blind = outbox.unseen(step, TOO_LATE, chance, "missing_scope")
    assert (blind.state, blind.code) == (State.LAPSED, "missing_scope")


def test_back_off_grows_to_five_minutes_and_is_spread(chance: Random) -> None:
    """The first second attempt comes within seconds."""
    waits = []
    for attempts in range(1, 12):
        step = message(state=State.AMBIGUOUS, looks=2, attempts=attempts)
        waits.append({outbox.missed(step, NOW, chance).wait_seconds for _ in range(300)})
    assert max(waits[0]) <= 4
    assert max(waits[-1]) == 300
    assert min(waits[-1]) >= 150
    assert all(max(before) <= max(after) for before, after in pairwise(waits))


def test_a_file_that_slack_was_not_asked_to_share_begins_anew(chance: Random) -> None:
    """Nobody can have seen it, so nothing is looked for."""
    started = outbox.file_started(outbox.claimed(file(), NOW), NOW, "F1")
    assert (started.state, started.file_id, started.uploaded) == (State.SENDING, "F1", False)
    again = outbox.unsure(started, LATER, chance)
    assert (again.state, again.file_id) == (State.NEW, None)


def test_a_file_that_slack_may_have_shared_is_looked_for_and_completed_again(chance: Random) -> None:
    """With the same file id, after the looks."""
    uploaded = outbox.file_uploaded(outbox.file_started(outbox.claimed(file(), NOW), NOW, "F1"), NOW)
    step = outbox.unsure(uploaded, LATER, chance)
    assert (step.state, step.file_id, step.uploaded) == (State.AMBIGUOUS, "F1", True)
    for _ in range(outbox.LOOKS):
        step = outbox.missed(outbox.looking(step, LATER), LATER, chance)
    assert (step.state, step.file_id, step.uploaded) == (State.NEW, "F1", True)


def test_a_refused_file_is_uploaded_afresh(chance: Random) -> None:
    """Whatever Slack has against it, it was not shared."""
    uploaded = outbox.file_uploaded(outbox.file_started(outbox.claimed(file(), NOW), NOW, "F1"), NOW)
    failed = outbox.refused(uploaded, LATER, "file_not_found", chance)
    assert (failed.state, failed.file_id, failed.uploaded) == (State.FAILED, None, False)
