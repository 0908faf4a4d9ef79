"""Notes that name work which does not count beside work that does, and what each of them is taken for."""

import pytest

from billing.activities import Activity
from billing.kinds_of_work import inferred_activity, why_held
from billing.uncounted_codes import Uncounted, coded_service
from billing.uncounted_words import clerical_work, named_service


@pytest.mark.parametrize(
    ("note", "activity"),
    [
        ("crisis call, paperwork", Activity.CRISIS),
        ("crisis call, faxed records", Activity.CRISIS),
        ("- crisis call, paperwork -", Activity.CRISIS),
        ("crisis contact, pt upset", Activity.CRISIS),
        ("crisis call, safety plan made", Activity.TREATMENT_PLANNING),
        ("crisis call about housing", Activity.CARE_COORDINATION),
        ("video visit, pt in crisis", Activity.CRISIS),
        (", crisis call, faxed records", Activity.CRISIS),
        (".admin for court", Activity.ADMIN),
        ("- admin note", Activity.ADMIN),
        ("admin about housing", Activity.CARE_COORDINATION),
        ("admin, safety plan made", Activity.ADMIN),
        (", admin, call", Activity.ADMIN),
        ("phone call about housing", Activity.CARE_COORDINATION),
        ("video visit about goal setting", Activity.TREATMENT_PLANNING),
    ],
)
def test_a_note_that_names_several_kinds_of_work(note: str, activity: Activity) -> None:
    """Crisis work named first outranks clerical work; what it was about outranks both."""
    assert inferred_activity(note) is activity


def test_why_a_note_waits_that_names_two_kinds_of_such_work() -> None:
    """Only the words of the kind that holds it are repeated."""
    assert why_held("psychotherapy, paperwork", Activity.ADMIN) == (
        "this reads like clerical work, which does not count"
    )


def test_a_service_is_named_with_its_words() -> None:
    """What the note says, and what that is."""
    assert named_service("tcm") == Uncounted(
        activity=Activity.BILLED_SEPARATELY, said="tcm", service="transitional care management"
    )
    assert named_service("quick tcm") is None
    for note, said in (("admin, call", "admin"), ("did paperwork", "paperwork")):
        assert clerical_work(note) == Uncounted(activity=Activity.ADMIN, said=said, service="clerical work")


def test_a_label_at_the_start_of_a_note_is_read() -> None:
    """`# 99213` is a number of something, and no visit."""
    assert coded_service("# 99213") is None
    assert coded_service("99213") is not None
