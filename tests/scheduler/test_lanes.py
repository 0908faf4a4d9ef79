"""Which deliveries may be sent now: leases and settle times by a steady clock, one message a second for each
recipient.
"""

from dataclasses import replace
from datetime import timedelta

from scheduler.lanes import PACE, Lanes
from services.messages.deliveries import BILLING, Delivery, Recipient, State
from services.messages.kind import Part
from tests.support.owing import utc

NOW = utc("2026-12-01 13:00")
HOUR = timedelta(hours=1)


def delivery(number: int = 1, **facts: object) -> Delivery:
    row = Delivery(
        delivery_id=f"d{number}",
        kind="digest",
        period=f"digest:{number}",
        recipient=Recipient(number),
        part=Part.MESSAGE,
        due_at=NOW,
        useful_until=NOW + HOUR,
        planned_at=NOW,
        changed_at=NOW,
    )
    return replace(row, **facts)  # type: ignore[arg-type]


def sending(number: int = 1, **facts: object) -> Delivery:
    return delivery(number, **{"state": State.SENDING, "version": 2, "wait_seconds": 45, **facts})


def test_what_is_new_is_ready_at_once() -> None:
    """One for each recipient; nothing waits."""
    choice = Lanes().choose([delivery(1), delivery(2)], NOW, 0.0)
    assert [row.delivery_id for row in choice.ready] == ["d1", "d2"]


def test_an_empty_outbox_waits_for_nothing() -> None:
    """There is nothing to be ready."""
    assert Lanes().choose([], NOW, 0.0).pause is None


def test_a_lease_ends_by_the_steady_clock_whatever_the_others_show() -> None:
    """A node whose clock jumped two hours ahead, or that sees another's, waits its 45 seconds all the same."""
    lanes = Lanes()
    assert lanes.choose([sending()], NOW + 2 * HOUR, 100.0).pause == 45
    assert lanes.choose([sending()], NOW - 2 * HOUR, 144.0).ready == ()
    assert lanes.choose([sending()], NOW - 2 * HOUR, 145.0).ready == (sending(),)


def test_a_lease_that_was_renewed_begins_anew() -> None:
    """Each version is waited for by itself."""
    lanes = Lanes()
    lanes.choose([sending()], NOW, 100.0)
    renewed = sending(version=3)
    assert lanes.choose([renewed], NOW, 144.0).pause == 45
    assert lanes.choose([renewed], NOW, 189.0).ready == (renewed,)


def test_a_program_that_runs_once_believes_the_clock() -> None:
    """It has no time to watch; and it tries what was refused before, since somebody may have fixed it."""
    failed = delivery(2, state=State.FAILED, version=3, wait_seconds=600)
    rows = [sending(), failed]
    lanes = Lanes(one_shot=True)
    assert lanes.choose(rows, NOW + timedelta(seconds=44), 0.0).ready == (failed,)
    assert lanes.choose(rows, NOW + timedelta(seconds=45), PACE).ready == (sending(), failed)
    again = replace(failed, version=5)
    assert lanes.choose([again], NOW + timedelta(seconds=45), 9.0).ready == ()


def test_of_two_messages_to_one_recipient_the_second_waits_a_second() -> None:
    """Counted from when the first was seen to be gone."""
    lanes = Lanes()
    first, second = delivery(1, recipient=BILLING), delivery(2, recipient=BILLING)
    assert lanes.choose([first, second], NOW, 0.0).ready == (first,)
    choice = lanes.choose([second], NOW, 0.5)
    assert (choice.ready, choice.pause) == ((), PACE)
    assert lanes.choose([second], NOW, 1.5).ready == (second,)


def test_nothing_goes_to_a_recipient_to_whom_another_node_is_sending() -> None:
    """Until that has been answered, or its lease is over."""
    lanes = Lanes()
    rows = [sending(1, recipient=BILLING), delivery(2, recipient=BILLING)]
    assert lanes.choose(rows, NOW, 0.0).ready == ()
    assert lanes.choose(rows, NOW, 30.0).ready == ()
    assert lanes.choose(rows, NOW, 45.0).ready == (rows[0],)


def test_a_file_waits_for_its_message() -> None:
    """However long that takes."""
    message = delivery(1, recipient=BILLING, state=State.FAILED, version=3, wait_seconds=600)
    file = delivery(2, recipient=BILLING, part=Part.CSV, thread_of="d1")
    lanes = Lanes()
    assert lanes.choose([message, file], NOW, 0.0).pause == 600
    assert lanes.choose([message, file], NOW, 300.0).ready == ()
    lanes.choose([file], NOW, 301.0)
    assert lanes.choose([file], NOW, 302.0).ready == (file,)


def test_what_waits_does_not_stop_the_others() -> None:
    """A message that is refused or looked for leaves the way to the same recipient free."""
    stuck = delivery(1, recipient=BILLING, state=State.AMBIGUOUS, version=3, wait_seconds=30)
    free = delivery(2, recipient=BILLING)
    assert Lanes().choose([stuck, free], NOW, 0.0).ready == (free,)


def test_a_node_that_was_asked_to_wait_touches_nothing() -> None:
    """For any recipient."""
    lanes = Lanes()
    lanes.hold(30, 100.0)
    lanes.hold(0, 101.0)
    choice = lanes.choose([delivery()], NOW, 110.0)
    assert (choice.ready, choice.pause) == ((), 20)
    assert lanes.choose([delivery()], NOW, 130.0).ready == (delivery(),)
