"""The kinds of work an entry can record, and which of them can count toward billing."""

from enum import StrEnum


class Activity(StrEnum):
    """The kind of work; shown on every receipt and changed with one tap."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    TELEHEALTH = "telehealth"
    CHART_REVIEW = "chart_review"
    CARE_COORDINATION = "care_coordination"
    CASE_REVIEW = "case_review"
    ASSESSMENT = "assessment"
    TREATMENT_PLANNING = "treatment_planning"
    MEDICATION = "medication"
    COUNSELING = "counseling"
    OUTREACH = "outreach"
    OTHER = "other"
    ADMIN = "admin"
    PSYCHOTHERAPY = "psychotherapy"
    CRISIS = "crisis"
    BILLED_SEPARATELY = "billed_separately"

    @property
    def billable(self) -> bool:
        """False for work that no CoCM minute may contain: administrative, or billed separately."""
        return self not in NOT_BILLABLE

    @property
    def label(self) -> str:
        """The words on the screen: `chart review`."""
        return self.value.replace("_", " ")


#: Clerical work never counts; psychotherapy, crisis care (90839) and whatever else has a code of its own
#: (psychiatric evaluation, CCM, TCM, tobacco or substance use services) are billed separately.
NOT_BILLABLE = frozenset(
    {Activity.ADMIN, Activity.PSYCHOTHERAPY, Activity.CRISIS, Activity.BILLED_SEPARATELY}
)


class ActivitySource(StrEnum):
    """How an entry's activity came about; a not-billable one only inferred is held until confirmed."""

    INFERRED = "inferred"
    STATED = "stated"
    CONFIRMED = "confirmed"
    #: Of an entry like another one: whatever the activity, it is held until somebody tells the two apart (R-216).
    REPEATED = "repeated"
    #: Of an entry from a file by somebody without a role here: held until somebody who may confirms it (R-217).
    WITHOUT_ROLE = "without_role"


#: What holds an entry whatever its activity.
HELD_SOURCES = frozenset({ActivitySource.REPEATED, ActivitySource.WITHOUT_ROLE})


def is_held(activity: Activity, source: ActivitySource) -> bool:
    """True while a person has to settle it.

    Work that could not count was only inferred, it may be there twice, or whoever did it has no role.
    """
    if source in HELD_SOURCES:
        return True
    return not activity.billable and source is ActivitySource.INFERRED
