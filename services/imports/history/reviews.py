"""`reviews`: imports psychiatric case reviews; their time comes with the entries."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Final

from billing.clinical import CaseReview
from billing.people import Member, MemberRole
from services.context import Context
from services.imports.cells import Cells
from services.imports.history.loading import Taken, as_written, in_order, load, member_named
from services.imports.request import ImportRequest
from services.imports.storing import PlannedImport
from services.imports.team import Team

COLUMNS: Final = ("mrn", "reviewed_on", "consultant", "recommendation", "sent_on", "recorded_on")
NEEDED: Final = COLUMNS[:3]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A review on file, or of a row before."""

    review_id: int | None
    sent_on: date | None
    #: None where it was written down when it was, in chat.
    recorded_on: date | None
    recommendation: str = field(repr=False)


class _Reviews:
    """Reads and keeps reviews; one consultant reviews a patient once a day."""

    name = "reviews"
    columns = COLUMNS
    needed = NEEDED
    heads = ("Reviewed on", "Consultant", "Sent on")

    def __init__(self, context: Context, team: Team) -> None:
        self._today, self._now = context.today, context.now
        self._team = team
        #: By patient (number, or identity), day and consultant.
        self._known: dict[tuple[int | str, date, int], _Known] = {}

    def look(self, context: Context, ids: Collection[int]) -> None:
        """Find the reviews on file of some patients."""
        found = context.uow.reviews.of_patients(ids, date.min, date.max)
        words = context.uow.reviews.recommendations([one.review_id for own in found.values() for one in own])
        for patient_id, own in found.items():
            for one in own:
                self._known[patient_id, one.reviewed_on, one.consultant] = _Known(
                    review_id=one.review_id,
                    sent_on=one.sent_on,
                    recorded_on=one.recorded_on,
                    recommendation=words.get(one.review_id, ""),
                )

    def take(self, cells: Cells, identity: str, patient_id: int | None) -> Taken | None:
        """A row's review; of one on file it may say when the advice was sent."""
        day = cells.need_day("reviewed_on", not_after=self._today)
        consultant = cells.need("consultant", self._consultant)
        sent_on = cells.day("sent_on", not_after=self._today)
        in_order(cells, "sent_on", sent_on, day)
        recorded_on = as_written(cells, day)
        in_turn = day is not None and recorded_on is not None and day <= recorded_on
        if day is None or consultant is None:
            return None
        key = (identity if patient_id is None else patient_id, day, consultant.member_id)
        words = cells.text("recommendation")
        before = self._known.get(key)
        shown = (f"{day}", consultant.display_name, f"{sent_on or ''}")
        if before is None:
            self._known[key] = _Known(
                review_id=None, sent_on=sent_on, recorded_on=recorded_on, recommendation=words
            )
            review = CaseReview(
                review_id=0,
                patient_id=0,
                reviewed_on=day,
                consultant=consultant.member_id,
                recorded_by=0,
                recorded_at=self._now,
                sent_on=sent_on,
                recorded_on=recorded_on,
            )
            new = partial(_add, review=review, words=words)
            return Taken(is_new=True, keep=new, day=day, shown=shown)
        if words and words != before.recommendation:
            cells.refuse(
                "recommendation", "That review is known with another recommendation. Leave the cell empty."
            )
        if cells.text("recorded_on") and recorded_on not in {None, before.recorded_on} and in_turn:
            known = f"on {before.recorded_on}" if before.recorded_on else "in chat"
            cells.refuse(
                "recorded_on", f"That review is known as written down {known}. Leave the cell empty."
            )
        if sent_on in {None, before.sent_on}:
            return Taken(is_new=False, keep=None, day=day, shown=shown)
        if before.sent_on is not None or before.review_id is None:
            said = f"on {before.sent_on}" if before.sent_on else "without a day of sending further up"
            cells.refuse("sent_on", f"That review is known as sent {said}. Give one of the two.")
            return None
        sent = partial(_sent, review_id=before.review_id, sent_on=sent_on)
        return Taken(is_new=False, keep=sent, day=day, shown=shown)

    def _consultant(self, words: str) -> Member:
        member = member_named(self._team, words)
        if MemberRole.CONSULTANT not in member.roles:
            raise ValueError(
                f"{member.display_name} is not a psychiatric consultant here. Give them the role consultant first, or "
                "correct the name."
            )
        return member


def load_reviews(context: Context, request: ImportRequest) -> PlannedImport:
    """Add case reviews; one on file already is not added again, and a row may say when its advice was sent."""
    return load(_Reviews, context, request)


def _add(context: Context, patient_id: int, importer: Member, *, review: CaseReview, words: str) -> None:
    own = replace(review, patient_id=patient_id, recorded_by=importer.member_id, recorded_at=context.now)
    context.uow.reviews.add(own, words)


def _sent(context: Context, _patient_id: int, _importer: Member, *, review_id: int, sent_on: date) -> None:
    context.uow.reviews.sent(review_id, sent_on)
