"""Takes in files that people send to the bot: looked at first, and imported exactly as they were shown.

Nothing of a file is kept but its hash and what was answered about it: whoever decides has its bytes brought again.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta

from pydantic import TypeAdapter

from billing.people import Member
from services.context import Context
from services.entries.pending import one_of
from services.errors import QuestionExpired, Refusal
from services.imports.answers import ALL_NEW, Answers, Subject, read_answer
from services.imports.load import KINDS
from services.imports.outcome import ImportOutcome
from services.imports.recognizing import Recognized, recognize
from services.imports.request import DateOrder, ImportRequest, TimeUnit
from services.imports.storing import PlannedImport, plan_only
from services.imports.undo import ImportTakenBack, ListedImport, all_imports, take_back
from services.people.rights import Action, allowed, check, needs

#: What was shown of a file can be imported for so long.
KEPT_FOR = timedelta(hours=1)
_KIND = "import"


class FileChanged(Refusal):
    """That is not the file that was shown any more. Nothing was imported. Send it again."""

    code = "file_changed"


class PreviewOutdated(Refusal):
    """Something else was stored since the file was shown, so it would do something else now. Nothing was imported."""

    code = "preview_outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file in Slack, and all that was said about it so far."""

    #: Slack's own address of its bytes, and whence the person knows it.
    url: str = field(repr=False)
    #: Of the bytes that were looked at.
    sha256: str = ""
    kind: str = ""
    mapping: str = ""
    dates: DateOrder | None = None
    unit: TimeUnit | None = None
    #: Every MRN that is much like another is a patient of its own.
    all_new: bool = False
    #: Lines of answers.
    answers: tuple[str, ...] = field(default=(), repr=False)
    #: The answers to each question that is shown, in their order.
    choices: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    #: Tells whether the file would still do what was shown.
    seen: str = ""

    def request(self, data: bytes, by: Member) -> ImportRequest:
        """The import of this file."""
        given = tuple(map(read_answer, self.answers))
        return ImportRequest(
            data=data,
            kind=self.kind,
            mapping=self.mapping,
            dates=self.dates,
            unit=self.unit,
            answers=Answers(new_patients=(ALL_NEW,) if self.all_new else (), given=given),
            names=False,
            by=by.member_id,
        )

    def answered(self, question: int, choice: int) -> "SentFile":
        """The same with one of the questions answered."""
        return replace(self, answers=(*self.answers, one_of(one_of(self.choices, question), choice)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePreview:
    """What a file holds, and what importing it would do; or, while that is not plain, what it may hold."""

    sent: SentFile
    recognized: Recognized = field(default_factory=Recognized)
    #: None while it is not known what the file holds.
    outcome: ImportOutcome | None = None

    @property
    def asks_about_patients(self) -> bool:
        """Whether it is open whether MRNs are patients of their own."""
        questions = () if self.outcome is None else self.outcome.questions
        return any(one.about is Subject.PATIENT for one in questions)

    @property
    def can_import(self) -> bool:
        """Whether there is something that can be stored as it is."""
        found = self.outcome
        return found is not None and not found.problems and bool(found.added or found.changed)


_FORM = TypeAdapter(SentFile)


@needs(Action.SEE_OWN_TIME)
def may_import(context: Context, actor: Member) -> bool:
    """Whether files that this member sends are looked at."""
    return allowed(context, actor, Action.IMPORT_FILES)


@needs(Action.IMPORT_FILES)
def look(context: Context, actor: Member, sent: SentFile, data: bytes) -> FilePreview:
    """Read a file, and say what importing it would do; nothing is stored.

    Raises:
        FileChanged: when it was looked at before, and was another one then.
    """
    same(sent, data)
    sent = replace(sent, sha256=hashlib.sha256(data).hexdigest())
    recognized = Recognized()
    if not sent.kind:
        recognized = recognize(data)
        guess = recognized.plain
        if guess is None:
            return FilePreview(sent=sent, recognized=recognized)
        sent = replace(sent, kind=guess.kind, mapping=guess.mapping)
    outcome = plan_only(context, KINDS[sent.kind], sent.request(data, actor))
    choices = tuple(tuple(one.answer for one in question.choices) for question in outcome.questions)
    sent = replace(sent, choices=choices, seen=_fingerprint(outcome))
    return FilePreview(sent=sent, recognized=recognized, outcome=outcome)


def same(sent: SentFile, data: bytes) -> None:
    """Make sure that bytes are those that were looked at.

    Raises:
        FileChanged: when they are not.
    """
    if sent.sha256 and hashlib.sha256(data).hexdigest() != sent.sha256:
        raise FileChanged


@needs(Action.IMPORT_FILES)
def keep(context: Context, actor: Member, sent: SentFile) -> str:
    """Keep what is known of a file until the person decides; returns the opaque id for its buttons."""
    kept_as = context.uow.pending.ask(
        kind=_KIND,
        payload=_FORM.dump_python(sent, mode="json"),
        member_id=actor.member_id,
        at=context.now,
        expires_at=context.now + KEPT_FOR,
    )
    context.uow.commit()
    return kept_as


@needs(Action.IMPORT_FILES)
def take(
    context: Context, actor: Member, kept_as: str, decided: Callable[[SentFile], SentFile] | None = None
) -> SentFile:
    """What was known of a file, which is thereby decided about: it can be taken once.

    Args:
        context: where the use case works.
        actor: who sent the file.
        kept_as: the id on its buttons.
        decided: makes of it what was decided; what it refuses leaves the file's questions waiting.

    Raises:
        QuestionExpired: when it was decided about before, is too old, or is another person's.
    """
    kept = context.uow.pending.take(kept_as, member_id=actor.member_id, at=context.now)
    if kept is None:
        raise QuestionExpired(
            "That file was decided about already, or was sent more than an hour ago. Nothing was imported by this. "
            "Send the file again."
        )
    about: SentFile = _FORM.validate_python(kept)
    if decided is not None:
        about = decided(about)
    context.uow.commit()
    return about


@dataclass(frozen=True, slots=True, kw_only=True)
class AsShown:
    """Loads a file for its import, as long as it would do what its sender was shown."""

    actor: Member
    sent: SentFile

    def __call__(self, context: Context, request: ImportRequest) -> PlannedImport:
        """Plan the import.

        Raises:
            NotAllowed: when the member may not import files any more.
            FileChanged: when it is another file.
            PreviewOutdated: when it would do something else now.
        """
        check(context, self.actor, Action.IMPORT_FILES)
        same(self.sent, request.data)
        plan = KINDS[self.sent.kind](context, request)
        if _fingerprint(plan.outcome) != self.sent.seen:
            raise PreviewOutdated
        return plan


@needs(Action.IMPORT_FILES)
def imports(context: Context, actor: Member) -> tuple[ListedImport, ...]:  # noqa: ARG001 - whoever looks is checked
    """Every import of the practice, the newest first."""
    return tuple(reversed(all_imports(context)))


@needs(Action.IMPORT_FILES)
def undo(context: Context, actor: Member, number: int) -> ImportTakenBack:
    """Take an import back, whole.

    Raises:
        CannotUndoImport: when something stands in the way, all of which is named.
    """
    return take_back(context, number, by=actor.slack_user_id or actor.display_name)


def _fingerprint(outcome: ImportOutcome) -> str:
    """Tells one outcome from another; that the same bytes were imported before makes no difference."""
    told = asdict(replace(outcome, seen_before="", preview=None))
    return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()
