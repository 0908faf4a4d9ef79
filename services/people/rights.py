"""Who may do what: one table of actions and roles, which every use case is checked against.

Documents, `/cocm roles` and `cocm roles` print this table. A use case names its action with `needs`; a test fails for
one that does not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from types import MappingProxyType
from typing import Concatenate, Final, ParamSpec, TypeVar

from billing.people import Member, MemberRole
from services.context import Context
from services.errors import InactiveMember, NotAllowed

P = ParamSpec("P")
T = TypeVar("T")


class Action(StrEnum):
    """Everything a person can do, as far as not everybody may."""

    LOG_OWN = "log_own"
    LOG_FOR_PROVIDER = "log_for_provider"
    LOG_FOR_ANYONE = "log_for_anyone"
    RUN_TIMER = "run_timer"
    CORRECT_OWN = "correct_own"
    CORRECT_ANY = "correct_any"
    SEE_PATIENTS = "see_patients"
    SEE_OWN_TIME = "see_own_time"
    SEE_ANY_HISTORY = "see_any_history"
    SEE_TIME_KEEPING = "see_time_keeping"
    ENROLL = "enroll"
    CONSENT = "consent"
    ASSESS = "assess"
    REVIEW_CASE = "review_case"
    DISCHARGE = "discharge"
    ASSIGN = "assign"
    RECORD_STAY = "record_stay"
    STATE = "state"
    SET_ASIDE = "set_aside"
    MARK_SEEN = "mark_seen"
    MERGE = "merge"
    ATTEST_TIME = "attest_time"
    ATTEST_CONSULTANT_TIME = "attest_consultant_time"
    ATTEST_CLAIM = "attest_claim"
    REPORT = "report"
    CLOSE = "close"
    SUBMIT = "submit"
    SEE_PAYERS = "see_payers"
    REMIND_SELF = "remind_self"
    REMIND_PRACTICE = "remind_practice"
    SEE_MEMBERS = "see_members"
    MANAGE_MEMBERS = "manage_members"
    COVER = "cover"
    COVER_ANYONE = "cover_anyone"
    SEE_SETTINGS = "see_settings"
    SET_SETTINGS = "set_settings"
    IMPORT_FILES = "import_files"


#: The columns of the table, in their order, and what people call them.
ROLE_NAMES: Final = MappingProxyType(
    {
        MemberRole.CARE_MANAGER: "care manager",
        MemberRole.CONSULTANT: "consultant",
        MemberRole.TREATING_PROVIDER: "treating provider",
        MemberRole.SUPERVISOR: "supervisor",
        MemberRole.BILLER: "biller",
        MemberRole.ADMIN: "administrator",
    }
)
#: Roles in which minutes are worked; whoever has none of them has no minutes of their own.
WORKING: Final = frozenset({MemberRole.CARE_MANAGER, MemberRole.CONSULTANT, MemberRole.TREATING_PROVIDER})

_EVERYBODY: Final = frozenset(MemberRole)
_CARE: Final = WORKING | {MemberRole.SUPERVISOR}
_SUPERVISION: Final = frozenset({MemberRole.SUPERVISOR, MemberRole.ADMIN})
_BILLING: Final = frozenset({MemberRole.BILLER, MemberRole.ADMIN})
_ADMINISTRATION: Final = frozenset({MemberRole.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """One row of the table."""

    #: What the members of the roles can do, after `can`: `close and reopen months`.
    words: str
    #: What a person types for it, first words only.
    typed: tuple[str, ...]
    roles: frozenset[MemberRole]


TABLE: Final = MappingProxyType(
    {
        Action.LOG_OWN: Right(words="log minutes of their own", typed=("log",), roles=WORKING),
        Action.LOG_FOR_PROVIDER: Right(
            words="log minutes for a consultant or a treating provider",
            typed=("log ... for @dr",),
            roles=_EVERYBODY,
        ),
        Action.LOG_FOR_ANYONE: Right(
            words="log minutes for a care manager", typed=("log ... for @ana",), roles=_SUPERVISION
        ),
        Action.RUN_TIMER: Right(
            words="run a timer, and log what it measured",
            typed=("start", "stop", "switch", "cancel", "timer"),
            roles=WORKING,
        ),
        Action.CORRECT_OWN: Right(
            words="correct, void, split and undo entries that they did or wrote",
            typed=("edit", "void", "split", "undo"),
            roles=_EVERYBODY,
        ),
        Action.CORRECT_ANY: Right(
            words="correct, void and split anybody's entries",
            typed=("edit", "void", "split"),
            roles=_SUPERVISION,
        ),
        Action.SEE_PATIENTS: Right(
            words="see where patients stand, and why",
            typed=("status", "why", "caseload", "near"),
            roles=_EVERYBODY,
        ),
        Action.SEE_OWN_TIME: Right(
            words="see their own time, and the history of their own entries",
            typed=("today", "week", "month", "history"),
            roles=_EVERYBODY,
        ),
        Action.SEE_ANY_HISTORY: Right(
            words="see the history of anybody's entries",
            typed=("history",),
            roles=_SUPERVISION | {MemberRole.BILLER},
        ),
        Action.SEE_TIME_KEEPING: Right(
            words="see what entries show about how time is kept", typed=("why", "report"), roles=_SUPERVISION
        ),
        Action.ENROLL: Right(words="enroll patients", typed=("enroll",), roles=_CARE),
        Action.CONSENT: Right(words="record consents", typed=("consent",), roles=_CARE),
        Action.ASSESS: Right(words="record assessments", typed=("assess",), roles=_CARE),
        Action.REVIEW_CASE: Right(words="record case reviews", typed=("review",), roles=_CARE),
        Action.DISCHARGE: Right(words="discharge patients", typed=("discharge",), roles=_CARE),
        Action.ASSIGN: Right(words="assign patients to care managers", typed=("assign",), roles=_CARE),
        Action.RECORD_STAY: Right(
            words="record stays in hospitals and facilities", typed=("admit",), roles=_CARE
        ),
        Action.STATE: Right(words="record statements about patients", typed=("state",), roles=_CARE),
        Action.SET_ASIDE: Right(
            words="leave patients out of a month's digests", typed=("Not indicated",), roles=_CARE
        ),
        Action.MARK_SEEN: Right(
            words="mark positive answers about suicide as seen", typed=("Seen",), roles=_CARE
        ),
        Action.MERGE: Right(
            words="merge two MRNs of one person, and take them apart",
            typed=("merge", "unmerge"),
            roles=_SUPERVISION,
        ),
        Action.ATTEST_TIME: Right(
            words="attest late, corrected and last-day time, and late records, that decide a month",
            typed=("attest",),
            roles=_SUPERVISION,
        ),
        Action.ATTEST_CONSULTANT_TIME: Right(
            words="attest consultant time that decides a month",
            typed=("attest",),
            roles=_SUPERVISION | {MemberRole.BILLER},
        ),
        Action.ATTEST_CLAIM: Right(
            words="attest which claim is billed, where a month could make several",
            typed=("attest",),
            roles=_SUPERVISION | {MemberRole.BILLER},
        ),
        Action.REPORT: Right(
            words="see the practice's report", typed=("report",), roles=_SUPERVISION | {MemberRole.BILLER}
        ),
        Action.CLOSE: Right(
            words="close and reopen months",
            typed=("close", "reopen"),
            roles=_BILLING,
        ),
        Action.SUBMIT: Right(
            words="mark lines as submitted, and record what becomes of overpayments",
            typed=("submitted", "unsubmitted", "overpaid"),
            roles=_BILLING,
        ),
        Action.SEE_PAYERS: Right(
            words="see which payers' rules are on file, and what they say",
            typed=("payers",),
            roles=_EVERYBODY,
        ),
        Action.REMIND_SELF: Right(
            words="decide when their own messages come", typed=("remind",), roles=_EVERYBODY
        ),
        Action.REMIND_PRACTICE: Right(
            words="decide when the practice's messages come",
            typed=("remind practice",),
            roles=_ADMINISTRATION,
        ),
        Action.SEE_MEMBERS: Right(
            words="see who is a member, and what each role can do",
            typed=("members", "roles"),
            roles=_EVERYBODY,
        ),
        Action.MANAGE_MEMBERS: Right(
            words="approve members, give roles and end memberships",
            typed=("roles @ana care_manager", "members @ana ends"),
            roles=_ADMINISTRATION,
        ),
        Action.COVER: Right(
            words="have a colleague look after their own patients for some days",
            typed=("cover",),
            roles=frozenset({MemberRole.CARE_MANAGER}),
        ),
        Action.COVER_ANYONE: Right(
            words="have a colleague look after a care manager's patients for some days",
            typed=("cover @ana by @ben",),
            roles=_SUPERVISION,
        ),
        Action.SEE_SETTINGS: Right(
            words="see the practice's settings, and which rules change between two months",
            typed=("settings", "rules"),
            roles=_EVERYBODY,
        ),
        Action.SET_SETTINGS: Right(
            words="change the practice's settings and payers' rules",
            typed=("settings set",),
            roles=_ADMINISTRATION,
        ),
        Action.IMPORT_FILES: Right(
            words="import files that they send to the bot, and take imports back",
            typed=("imports",),
            roles=_ADMINISTRATION,
        ),
    }
)

#: The actions of each use case, by its module and name; one of them is enough.
ACTIONS_OF: Final[dict[str, tuple[Action, ...]]] = {}


def needs(
    *actions: Action,
) -> Callable[[Callable[Concatenate[Context, Member, P], T]], Callable[Concatenate[Context, Member, P], T]]:
    """Have a use case refuse whoever may take none of the actions.

    A use case that decides by more than the role names every action that it may come to, and checks each itself.
    """

    def checked(
        use_case: Callable[Concatenate[Context, Member, P], T],
    ) -> Callable[Concatenate[Context, Member, P], T]:
        ACTIONS_OF[f"{use_case.__module__}.{use_case.__qualname__}"] = actions

        @wraps(use_case)
        def checking(context: Context, actor: Member, /, *args: P.args, **kwargs: P.kwargs) -> T:
            check(context, actor, *actions)
            return use_case(context, actor, *args, **kwargs)

        return checking

    return checked


def check(context: Context, actor: Member, *actions: Action) -> None:
    """Make sure that a member may take one of some actions.

    Raises:
        InactiveMember: when their membership has ended.
        NotAllowed: naming the roles that can, and theirs.
    """
    if not actor.active:
        raise InactiveMember
    if not any(allowed(context, actor, action) for action in actions):
        raise NotAllowed(refusal(context, actor, actions[0]))


def allowed(context: Context, actor: Member, action: Action) -> bool:
    """Whether a member may take an action."""
    return not TABLE[action].roles.isdisjoint(roles_of(context, actor))


def roles_of(context: Context, member: Member) -> frozenset[MemberRole]:
    """A member's roles, with that of an administrator where the settings give it."""
    named = member.slack_user_id is not None and member.slack_user_id in context.settings.admins
    return member.roles | {MemberRole.ADMIN} if named else member.roles


def refusal(context: Context, actor: Member, action: Action) -> str:
    """The sentence for a member who may not: who can, what they are, and what to do."""
    right, roles = TABLE[action], roles_of(context, actor)
    if not roles:
        return (
            "You have no role here, so nothing was changed. Ask an administrator to give you one: "
            f"`/cocm roles @{actor.display_name} care_manager`."
        )
    return (
        f"You are {spoken_roles(roles)} here. Only {people(right.roles)} can {right.words}. Nothing was changed. "
        "Ask one of them; `/cocm roles` shows who can do what."
    )


def spoken_roles(roles: frozenset[MemberRole]) -> str:
    """`a care manager and a supervisor`."""
    named = [_with_article(name) for role, name in ROLE_NAMES.items() if role in roles]
    return _joined(named, "and")


def people(roles: frozenset[MemberRole]) -> str:
    """`care managers and supervisors`."""
    return _joined([f"{name}s" for role, name in ROLE_NAMES.items() if role in roles], "and")


def _with_article(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _joined(words: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
