"""A positive answer about suicide: in the receipt that keeps it, in the message to the patient's people, once seen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from billing.clinical import Scale, Score
from billing.people import Member
from billing.safety import ITEMS, SafetySignal, answer_words
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply, Screens, Viewer
from bot.screens.phrases import clock, count, day_name
from services.care.receipts import Assessed
from services.care.safety import Addressee, SeenAnswer, SeenState
from services.messages.safety import SafetyItem, SafetyNotice
from services.people.patients import shown_mrn

PUSH = "A safety notice about a patient. Please open it."
SEEN_PUSH = "Marked as seen."
SEEN = "Seen"
UNDO_SEEN = "Undo"
PROTOCOL = (
    "Follow your practice's protocol. In the US, the 988 Suicide & Crisis Lifeline answers calls and texts to 988 at "
    "any hour."
)
STAYS = (
    "It stays first in the mornings of those who look after the patient until one of you marks it as seen."
)
#: Patients of a file in one message; all of them are in the mornings.
_SHOWN = 12


def score_words(done: Assessed) -> str:
    """`PHQ-9 14, item 9: 2 of 3 (more than half the days), GAD-7 11`."""
    said = []
    for score in done.scores:
        answer = done.answers.get(score.score_id)
        if answer is None:
            said.append(f"{score.scale} {score.value}")
        elif score.scale in ITEMS:
            said.append(f"{score.scale} {score.value}, {answer_words(score.scale, answer)}")
        else:
            said.append(f"{score.scale} {answer_words(score.scale, answer)}")
    return (
        "; ".join(said) if any(score.score_id in done.answers for score in done.scores) else ", ".join(said)
    )


def corrected_lines(done: Assessed) -> list[str]:
    """What the corrected scores were: `PHQ-9 of that day was 14, item 9: 1 of 3 (several days), before`."""
    return [
        f"{score.scale} of that day was {_said(score, done)} before."
        for score in done.corrected
        if score.scale is not Scale.CSSRS or score.score_id in done.answers
    ]


def _said(score: Score, done: Assessed) -> str:
    answer = done.answers.get(score.score_id)
    if answer is None:
        item = ITEMS.get(score.scale)
        return f"{score.value}" + (f" without an answer to item {item}" if item and done.answers else "")
    words = answer_words(score.scale, answer)
    return f"{score.value}, {words}," if score.scale in ITEMS else words


def receipt_blocks(done: Assessed) -> Iterator[Block]:
    """Who is sent word of a positive answer, or how an answer is written; nothing where neither is to be said."""
    if done.circle is not None:
        told = done.circle.without(done.scores[0].recorded_by)
        yield kit.section(_sent_to(told, done.circle.out_of_reach))
        yield kit.context(kit.escape(PROTOCOL))
    elif done.takes_back:
        yield kit.context(
            "Whoever was sent the positive answer of that day is notified that it is no longer on file."
        )
    if done.explains:
        scale = next(score.scale for score in done.scores if score.scale in ITEMS)
        yield kit.context(
            f"No answer to item {ITEMS[scale]} (suicide) is on file with this {scale}. To keep it, send the line again "
            f"with `item{ITEMS[scale]} ___` after the score, 0 to 3."
        )


def _sent_to(told: Sequence[Addressee], absent: Sequence[Addressee]) -> str:
    if told:
        said = f"*This is a positive answer about suicide.* Sent now by direct message to {_people(told)}. "
        said += "It stays first in their mornings until one of them marks it as seen."
    else:
        said = (
            "*This is a positive answer about suicide, and nobody else can be sent it here:* no other care manager, "
            "consultant or treating provider of this patient is a member in Slack. Tell them yourself."
        )
    if absent:
        said += f" Not in Slack, so not sent: {_people(absent)}."
    return said


def _people(addressees: Iterable[Addressee]) -> str:
    """`Dr. Raman (consultant) and Dr. Lee (treating provider)`."""
    named = [f"{kit.escape(one.member.display_name)} ({one.tie})" for one in addressees]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def safety_message(found: SafetyNotice, viewer: Viewer) -> Reply:
    """What was written at one instant: each patient with what was answered, and [Seen]."""
    return notice_as_it_stands(found, viewer.zone, viewer.today)


def notice_as_it_stands(
    found: SafetyNotice,
    zone: ZoneInfo,
    today: date,
    *,
    reader: Member | None = None,
    acts: Mapping[int, int] | None = None,
) -> Reply:
    """The message with what has been marked as seen since.

    Args:
        found: what it says.
        zone: the reader's own.
        today: their local date.
        reader: who reads it, who is `you`.
        acts: of what the reader has just marked, the act by which it is taken back, by score.
    """
    blocks: list[Block] = []
    for place, item in enumerate(found.items[:_SHOWN]):
        blocks.append(kit.section("\n".join(_lines(item, zone, today, reader))))
        button = _button(found, item, place, (acts or {}).get(item.signal.score_id))
        if button is not None:
            blocks.append(kit.actions([button]))
    left = len(found.items) - _SHOWN
    if left > 0:
        blocks.append(
            kit.context(f"And {count(left, 'patient')} more. All of them are first in your morning message.")
        )
    foot = [PROTOCOL, STAYS] if any(item.is_open for item in found.items) else [PROTOCOL]
    return Reply(text=PUSH, blocks=(*blocks, kit.context(kit.escape(" ".join(foot)))))


def _button(found: SafetyNotice, item: SafetyItem, place: int, act_id: int | None) -> Block | None:
    value = f"{item.signal.score_id}:{found.at.isoformat()}"
    if item.is_open:
        return kit.button(SEEN, listed(ActionId.SEEN, place), value, about=item.patient.handle)
    if act_id is not None:
        return kit.button(
            UNDO_SEEN, listed(ActionId.UNSEEN, place), f"{act_id}:{value}", about=item.patient.handle
        )
    return None


def _lines(item: SafetyItem, zone: ZoneInfo, today: date, reader: Member | None) -> Iterator[str]:
    mrn, signal = kit.escape(shown_mrn(item.patient.mrn)), item.signal
    if item.gone_at is not None:
        yield f"*{mrn} · {'corrected' if item.instead else 'taken back'}: {signal.words}*"
        yield _gone(item, zone, today)
        return
    yield f"*{mrn} · {signal.words}*"
    yield _recorded(item, zone, today)
    if item.again_at is not None:
        yield f"It was taken back in between, and is on file again since {_when(item.again_at, zone, today)}."
    if item.before is not None and item.before.level != signal.level:
        yield f"Before the correction: {answer_words(signal.scale, item.before.level)}."
    if item.seen_at is not None:
        yield f"*Seen by {_name(item.seen_by, reader)}, {_when(item.seen_at, zone, today)}.*"
    elif item.others:
        yield f"Also sent to {_people(item.others)}."


def _recorded(item: SafetyItem, zone: ZoneInfo, today: date) -> str:
    signal = item.signal
    total = f"{signal.scale} {signal.total}, measured" if signal.scale in ITEMS else "Measured"
    by = (
        f"Recorded by {kit.escape(item.recorded_by.display_name)}"
        if item.recorded_by
        else "Imported from a file"
    )
    return f"{total} {day_name(signal.measured_on, today)}. {by}, {_when(signal.recorded_at, zone, today)}."


def _gone(item: SafetyItem, zone: ZoneInfo, today: date) -> str:
    assert item.gone_at is not None, "only what was taken back is said so"
    by = kit.escape(item.gone_by.display_name) if item.gone_by else "Somebody"
    when = _when(item.gone_at, zone, today)
    if item.instead is None:
        return f"{by} took it back, {when}. It is no longer on file."
    now = item.instead
    said = f"{now.scale} {now.value}" if now.scale in ITEMS else f"{now.scale}"
    if now.answer is not None:
        said += f"{',' if now.scale in ITEMS else ''} {answer_words(now.scale, now.answer)}"
    return f"{by} corrected it, {when}. On file now for {day_name(now.measured_on, today)}: {said}."


def seen_answer(made: SeenAnswer, zone: ZoneInfo, today: date, reader: Member) -> Reply:
    """The answer to [Seen] where there is no message to show again."""
    mrn, signal = kit.escape(shown_mrn(made.patient.mrn)), made.signal
    blocks = [kit.section(f"*{mrn} · {signal.words}*\n{seen_line(made, zone, today, reader)}")]
    if made.act_id is not None:
        about = shown_mrn(made.patient.mrn)
        undo = kit.button(UNDO_SEEN, ActionId.UNDO_ACT, str(made.act_id), about=about)
        blocks.append(kit.actions([undo]))
    return Reply(text=SEEN_PUSH, blocks=tuple(blocks))


def seen_line(made: SeenAnswer, zone: ZoneInfo, today: date, reader: Member) -> str:
    """`Seen by you, today at 2:15 pm.`: for a row that is shown again where it stands."""
    if made.state is SeenState.GONE:
        return "This was taken back: it is no longer on file. Nothing was changed."
    if made.state is SeenState.CORRECTED:
        return f"This was corrected: on file is now {made.signal.words}. Nothing was changed."
    assert made.seen_at is not None, "what is marked was seen at some time"
    already = " Nothing was changed." if made.state is SeenState.ALREADY else ""
    return f"Seen by {_name(made.seen_by, reader)}, {_when(made.seen_at, zone, today)}.{already}"


def signal_line(signal: SafetySignal, today: date) -> str:
    """`PHQ-9 item 9: 2 of 3 (more than half the days), Tue Nov 17`: for a row of a list."""
    return f"{signal.words}, {day_name(signal.measured_on, today)}"


def _name(member: Member | None, reader: Member | None) -> str:
    if member is None:
        return "somebody"
    return (
        "you"
        if reader is not None and member.member_id == reader.member_id
        else kit.escape(member.display_name)
    )


def _when(instant: datetime, zone: ZoneInfo, today: date) -> str:
    """`today at 2:10 pm`, `Tue Nov 17 at 2:10 pm`."""
    return f"{day_name(instant.astimezone(zone).date(), today)} at {clock(instant, zone)}"


SCREENS: Screens = {SafetyNotice: safety_message}
