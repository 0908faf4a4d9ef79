"""What a note is taken for, and what of it holds the entry until somebody says what it was (R-203, R-204, R-214)."""

import pytest

from billing.activities import NOT_BILLABLE, Activity, ActivitySource, is_held
from billing.kinds_of_work import (
    KindOfWork,
    care_management_kind,
    inferred_activity,
    kind_of_work,
    outcome_of,
    plain_form,
    why_held,
)
from billing.uncounted_codes import coded_service, is_service_code
from billing.uncounted_words import clerical_work, named_service

CODES = {
    Activity.PSYCHOTHERAPY: (
        "90832 90834 90837 90838 90845 90846 90847 90849 90853 H0004 H0005 9083x 908xx 9084x 9085x"
    ),
    Activity.CRISIS: "90839 90840 H2011 S9484 S9485 G0017",
    Activity.BILLED_SEPARATELY: (
        "90785 90791 90792 90863 99406 99407 99408 99409 99490 99491 99437 99439 99487 99489 99424 99425 99426 99427 "
        "99495 99496 99497 99498 G0396 G0397 G0560 G0444 G0442 G0443 G2011 96127 96130 96132 96139 96156 96158 96159 "
        "96164 96168 96171 99202 99205 99211 99213 99215 99241 99245 98000 98016 98966 98968 H0001 H0031 H0032 H0038 "
        "H2014 H2017 H2037 T1017 G0556 G0558 G0323 9920x 9921x 992xx 9079x 9615x 99453 99457 99441 G0438 G0463"
    ),
}
#: A code, in every spelling in which it stands in notes.
SPELLINGS = (
    "90837",
    "CPT 90837",
    "cpt90837",
    "CPT: 90837",
    "(90837)",
    "[90837]",
    "90837x1",
    "90837 x1",
    "90837-95",
    "90837-GT",
    "90837HO",
    "H0004HF",
    "H2019TF",
    "G0396U1",
    "90837 gt",
    "90837,",
    "90837.",
    "90785+90837",
    "90785/90837",
    "90832-90838",
    "code 90837",
    "two 90837s",
    "therapy-90837",
)
#: Numbers that only look like a code, and codes that are the program's own.
NO_CODES = (
    "MRN99213",
    "MRN 99213",
    "mrn: 99213",
    "mrn# 99213",
    "#99213",
    "# 99213",
    "call back 555-99213",
    "99213-4567",
    "call 99213-456",
    "199213",
    "992130",
    "auth 99213",
    "auth no. 99213",
    "ref: 99213",
    "claim number is 99213",
    "ext 99213",
    "zip 98004",
    "Bellevue WA 98004",
    "$99213",
    "99213.50",
    "99,213",
    "99213 steps",
    "99213 main st",
    "99213 n main st",
    "99213%",
    "e-99213a",
    "dob 3/4/99213",
    "96130 g",
    "toward 99493",
    "99492 99494 99484 G2214 G0512 G0568 G0569 G0570",
    "90000",
    "h3000",
    "9990x",
    "g2214",
)
DONE = {
    Activity.PSYCHOTHERAPY: (
        "therapy sess",
        "ind tx session",
        "tx session",
        "individual tx",
        "individual session",
        "couples session",
        "dbt skills group",
        "therapy session",
        "therapy",
        "video visit, therapy session",
        "did a therapy session w/ pt",
        "individual therapy",
        "individual psychotherapy w/ pt",
        "family therapy w/ mom",
        "group therapy",
        "couples therapy",
        "individual/family therapy",
        "couples counseling",
        "psychotherapy, week two",
        "met with pt for individual therapy",
        "pt seen for therapy session",
        "zoom psychotherapy",
        "discussed goals and provided individual therapy",
        "emdr session",
        "process group",
        "reviewed phq-9, then therapy session",
        "case review. therapy session",
    ),
    Activity.CRISIS: (
        "crisis psychotherapy",
        "psychotherapy for crisis",
        "crisis call",
        "crisis intervention by phone",
        "pt in crisis, stayed on phone",
    ),
    Activity.BILLED_SEPARATELY: (
        "dx eval",
        "psychiatric evaluation",
        "psych eval w/ pt",
        "psych evaluation completed",
        "psychiatric assessment",
        "diagnostic interview",
        "biopsychosocial eval",
        "intake evaluation billed",
        "session was billed",
        "billed separately",
        "billable session",
        "med management visit",
        "medication management visit",
        "ccm call",
        "ccm",
        "ccm, bp meds",
        "called pt for ccm",
        "monthly ccm",
        "care plan updated, ccm call",
        "chronic care management call",
        "pcm call",
        "principal care management",
        "apcm call",
        "tcm",
        "tcm call after discharge",
        "transitional care management",
        "transitional care call",
        "targeted case management",
        "rpm data review",
        "remote patient monitoring",
        "tobacco cessation",
        "smoking cessation counseling w/ pt",
        "tobacco counseling",
        "sbirt",
        "sud counseling",
        "substance use counseling",
        "alcohol brief intervention",
        "health behavior assessment",
        "health and behavior intervention",
        "neuropsych testing",
        "psych testing",
        "office visit",
        "office visit with pt",
        "pt in for office visit",
        "e/m visit",
        "e/m",
        "annual wellness visit",
        "advance care planning",
        "acp discussion",
    ),
    Activity.ADMIN: (
        "registry data entry",
        "referral paperwork",
        "release paperwork",
        "sched appt w/ pcp",
        "r/s appt",
        "booked appointment with therapist",
        "she called, paperwork",
        "called pt, scheduling appt",
        "scheduling appt",
        "appt scheduling",
        "scheduling f/u w/ pt",
        "called pt, scheduling",
        "faxed roi",
        "called pcp, faxed roi",
        "sent a fax",
        "phone check-in and paperwork",
        "billing question",
        "called pt re goals, answered billing question",
        "question about copay",
        "phone call, data entry",
        "travel",
        "call then travel",
        "phone, travel",
        "travel to home visit",
        "home visit, drive time",
        "drove to clinic",
        "pt call, filled out fmla forms",
        "completed disability paperwork",
        "reviewed phq, left copy at front desk",
        "dropped off forms at front desk",
        "scanned records",
        "mailed roi",
        "verified insurance",
        "updated demographics",
        "made copies",
        "entered data",
        "fmla forms",
        "fax to pcp",
        "admin",
    ),
}
#: Care management that speaks of such services, or sounds like them.
SPOKEN_OF = (
    "referred to therapy",
    "discussed therapy options",
    "pt's therapy session went well",
    "therapy session went well",
    "coordinated with therapist",
    "reminded of therapy appointment",
    "crisis plan reviewed",
    "after office visit",
    "prior to her office visit",
    "phone call before office visit",
    "referral to individual therapy",
    "pt attends individual therapy elsewhere",
    "pt started group therapy",
    "waitlist for family therapy",
    "talked about couples counseling",
    "pt missed therapy session",
    "barriers to therapy",
    "physical therapy session tomorrow",
    "discussed tobacco cessation",
    "encouraged smoking cessation",
    "educated on sbirt",
    "coordinated with ccm nurse",
    "ccm nurse called back",
    "discussed ccm enrollment",
    "spoke w/ tcm team",
    "transition of care planning w/ hospital",
    "reviewed psych eval from hospital",
    "psych eval results discussed",
    "discussed advance care planning with pt",
    "not billed separately",
    "pt anxious about travel",
    "anxious about paperwork",
    "pt traveling to see family",
    "activity scheduling",
    "scheduled pleasant activities",
    "scheduling pleasant activities",
    "reminded of scheduled appt",
    "called pt, scheduled f/u",
    "discussed billing concerns",
    "med check, side effects",
    "intake evaluation",
    "pt prefers therapy",
    "behavioral activation",
    "mailed letter to pt",
    "warm handoff during office visit",
    "psych eval pending",
    "await psych eval",
    "denies crisis",
    "travel plans",
    "updated registry",
    "she has scheduled appt with pcp",
    "pt drove to office, panic 6/10",
    "pt cannot travel to clinic",
    "reviewed paperwork from hospital",
    "tx session notes reviewed",
    "reading self-help book before visit",
    "booked cabin for vacation",
    "phone, family session with mother",
)


@pytest.mark.parametrize(
    ("activity", "code"), [(activity, code) for activity, codes in CODES.items() for code in codes.split()]
)
def test_a_code_of_a_separately_billed_service_names_its_kind_of_work(activity: Activity, code: str) -> None:
    """Whatever else stands in the note; the code is said as people write it."""
    note = f"updated care plan, called pcp {code.lower()}"
    found = coded_service(note)
    assert found is not None
    assert (found.activity, found.said) == (activity, code)
    assert inferred_activity(note) is activity
    assert is_service_code(code.lower())


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_code_is_known_in_each_spelling(spelling: str) -> None:
    """With its label, marks, units and modifiers."""
    assert inferred_activity(f"phone, {spelling} done".casefold()) in NOT_BILLABLE


@pytest.mark.parametrize("number", NO_CODES)
def test_a_number_that_only_looks_like_a_code_holds_nothing(number: str) -> None:
    """An MRN, a phone number, an address, a price; nor the family's own codes."""
    note = f"spoke w/ pt re {number.casefold()}"
    assert coded_service(note) is None
    assert inferred_activity(note) not in NOT_BILLABLE


def test_a_later_number_may_be_the_code() -> None:
    """An MRN before it hides nothing."""
    found = coded_service("spoke re mrn 99213, then 90837")
    assert found is not None
    assert found.said == "90837"


def test_figures_of_the_family_are_codes_too() -> None:
    """Behind an MRN they are no part of it."""
    assert [
        code
        for code in ("99492", "99493", "99494", "99484", "90837", "12345", "99999")
        if is_service_code(code)
    ] == [
        *("99492", "99493", "99494", "99484"),
        "90837",
    ]


@pytest.mark.parametrize(
    ("activity", "note"), [(activity, note) for activity, notes in DONE.items() for note in notes]
)
def test_work_that_a_note_names_as_done_is_held(activity: Activity, note: str) -> None:
    """The usual names of such services, and clerical work beside other work."""
    kind = kind_of_work(note)
    assert kind == KindOfWork(activity=activity, source=ActivitySource.INFERRED)
    assert is_held(kind.activity, kind.source)


@pytest.mark.parametrize("note", SPOKEN_OF)
def test_a_service_only_spoken_of_holds_nothing(note: str) -> None:
    """Referrals, plans, what was discussed or comes before or after it are care management."""
    assert inferred_activity(note) not in NOT_BILLABLE
    assert named_service(note) is None
    assert clerical_work(note) is None


def test_a_stated_kind_stands_unless_a_code_says_otherwise() -> None:
    """A person's own word goes before the words of the note, and not before a code."""
    stated = Activity.COUNSELING
    confirmed = KindOfWork(activity=stated, source=ActivitySource.STATED)
    assert kind_of_work("therapy session", stated=stated) == confirmed
    held = kind_of_work("therapy session 90837", stated=stated)
    assert held == KindOfWork(activity=Activity.PSYCHOTHERAPY, source=ActivitySource.INFERRED)
    assert kind_of_work("90837", stated=Activity.ADMIN) == KindOfWork(
        activity=Activity.ADMIN, source=ActivitySource.STATED
    )


@pytest.mark.parametrize(
    ("note", "activity", "why"),
    [
        (
            "60m therapy session 90837",
            Activity.PSYCHOTHERAPY,
            "90837 is psychotherapy, which is billed separately",
        ),
        (
            "H0031 done",
            Activity.BILLED_SEPARATELY,
            "H0031 is a behavioral health service, which is billed separately",
        ),
        ("9921x", Activity.BILLED_SEPARATELY, "9921x is an office visit, which is billed separately"),
        (
            "CCM Call",
            Activity.BILLED_SEPARATELY,
            "“CCM Call” reads like chronic care management, which is billed separately",
        ),
        ("Faxed ROI", Activity.ADMIN, "“Faxed ROI” is clerical work, which does not count"),
        ("crisis call", Activity.CRISIS, "this reads like crisis care, which is billed separately"),
        ("", Activity.PSYCHOTHERAPY, "this reads like psychotherapy, which is billed separately"),
        ("99490", Activity.PSYCHOTHERAPY, "this reads like psychotherapy, which is billed separately"),
        ("", Activity.BILLED_SEPARATELY, "this reads like a service billed separately"),
        (
            "CCM   call",
            Activity.BILLED_SEPARATELY,
            "“ccm call” reads like chronic care management, which is billed separately",
        ),
        ("filing", Activity.ADMIN, "“filing” is clerical work, which does not count"),
        ("", Activity.ADMIN, "this reads like clerical work, which does not count"),
    ],
)
def test_why_an_entry_waits_is_said_in_words(note: str, activity: Activity, why: str) -> None:
    """The code or the words that hold it, and what they are."""
    assert why_held(note, activity) == why


@pytest.mark.parametrize(
    ("note", "activity"),
    [
        ("called pcp, therapy session 90837", Activity.CARE_COORDINATION),
        ("phone, therapy session 90837", Activity.PHONE),
        ("faxed roi", Activity.CARE_COORDINATION),
        ("therapy session, no answer", Activity.OUTREACH),
        ("90837", Activity.OTHER),
    ],
)
def test_as_care_management_it_is_what_the_rest_of_the_note_says(note: str, activity: Activity) -> None:
    """What somebody answers with one tap."""
    assert care_management_kind(note) is activity


def test_the_plain_form_reads_what_people_paste() -> None:
    """Capitals, several blanks, long dashes and curly apostrophes."""
    assert plain_form("  PT\u2019s  call \u2013 Zoom\n") == "pt's call - zoom"
    assert outcome_of(plain_form("Didn\u2019t answer")) == "no answer"
