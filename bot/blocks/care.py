"""The answer to a command about care: what is now true, and where each patient stands."""

from collections.abc import Iterator

from bot import care_words, kit, words
from bot.ids import ActionId
from bot.replies import Block, Reply
from services.care.receipts import CareQuestion, CareReceipt, Reviewed

#: Patients whose standing is shown; a consultant reviews a whole caseload at once.
SHOWN = 10


def care_answer(outcome: CareReceipt | CareQuestion | None) -> Reply:
    """A receipt, the question that stands before it, or word that nothing was recorded."""
    if outcome is None:
        return Reply(text=care_words.NOTHING_PUSH, blocks=(kit.section(care_words.NOTHING),))
    return _question(outcome) if isinstance(outcome, CareQuestion) else _receipt(outcome)


def _question(asked: CareQuestion) -> Reply:
    buttons = [
        kit.button(label, f"{ActionId.ANSWER_CARE}_{number}", f"{asked.pending_id}:{number}")
        for number, label in enumerate(asked.choices)
    ]
    return Reply(
        text=care_words.QUESTION_PUSH,
        blocks=(
            kit.section(care_words.question(asked)),
            kit.actions(buttons),
            kit.context(words.QUESTION_EXPIRES),
        ),
    )


def _receipt(made: CareReceipt) -> Reply:
    return Reply(text=care_words.PUSH, blocks=tuple(_blocks(made)))


def _blocks(made: CareReceipt) -> Iterator[Block]:
    review = made.outcome if isinstance(made.outcome, Reviewed) else None
    entries = review.time.entries if review and review.time else ()
    yield kit.section(care_words.said(made))
    if review is not None and review.recommendation:
        yield kit.plain_context(review.recommendation)
    if entries:
        yield kit.section("\n".join(words.entry_line(view, made.today) for view in entries[:SHOWN]))
    remarks = dict.fromkeys((*made.remarks, *(remark for view in entries for remark in view.remarks)))
    if remarks:
        yield kit.context(*(kit.escape(remark) for remark in remarks))
    if made.standings:
        yield kit.section(words.standings(made.standings[:SHOWN], made.today))
    missing = care_words.missing(made.standings[:SHOWN], made.today)
    if missing:
        yield kit.context(*missing)
    if review is not None and review.time is not None:
        yield kit.actions([kit.button("Undo", ActionId.UNDO, str(review.time.receipt_id))])
