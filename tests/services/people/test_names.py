"""People's names as files write them."""

import pytest

from services.people.names import email_name, is_slack_id, may_be_one, plain_name, read_email, read_name


@pytest.mark.parametrize(
    "text",
    [
        "Ana Flores",
        "ana  flores",
        "FLORES, ANA",
        "Flores, Ana",
        "Flores, Ana, LCSW",
        "Ana Flores, LCSW-R",
        "Ana Flores, MSW, LCSW",
        "Ana Flores LCSW",
        "ANA FLORES LCSW",
        "Ana Flores, XYZQ",
        "Dr. Ana Flores",
        "Ana Flores (she/her)",
        "Ána Flóres",
        "@Ana Flores",
        '"Ana Flores"',
        "Ana Flores <ana@clinic.org>",
    ],
)
def test_one_person_in_many_spellings(text: str) -> None:
    """Order, case, accents, titles and degrees do not matter."""
    assert read_name(text).words == ("ana", "flores")


def test_names_that_look_like_degrees_or_ids_stay_names() -> None:
    """Ma is a name and a degree, and names in capitals are no Slack ids."""
    assert read_name("Yo-Yo Ma").words == ("yo", "yo", "ma")
    assert read_name("Ma, Yo-Yo").words == ("yo", "yo", "ma")
    assert read_name("de la Cruz, María José, PhD").words == ("maria", "jose", "de", "la", "cruz")
    assert read_name("O'Brien, Siobhán").words == ("siobhan", "obrien")
    assert read_name("WILLIAMS").words == ("williams",)
    assert (read_name("WILLIAMS").slack_user_id, is_slack_id("U0ANA1")) == ("", True)
    assert read_name("<@U0ANA1|ana>").slack_user_id == "U0ANA1"
    assert read_name(" ,").words == ()


def test_an_address_is_read_in_any_case_and_hints_at_a_name() -> None:
    """It is compared in lower case."""
    assert read_name("mailto:Ana.Flores@Clinic.org").email == "ana.flores@clinic.org"
    assert email_name("ana.flores@clinic.org").words == ("ana", "flores")
    assert read_email(" Ana@Clinic.org ") == "ana@clinic.org"
    for text in ("ana", "ana@", "@ana", "ana@clinic", "a b@clinic.org", ""):
        with pytest.raises(ValueError, match="not an e-mail address"):
            read_email(text)
    assert plain_name("De  la-Crúz") == "delacruz"


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("A. Flores", True),
        ("Ana F.", True),
        ("Flores Ana", True),
        ("Ana M. Flores", True),
        ("Anna Flores", True),
        ("aflores", True),
        ("Ana", True),
        ("Ana Flores", False),
        ("Kim Lee", False),
        ("Ana Ruiz", False),
        ("B. Flores", False),
        ("", False),
    ],
)
def test_a_name_much_like_another_is_asked_about(text: str, *, alike: bool) -> None:
    """An initial, a typo, another order, a name more or less; never the very same name."""
    assert may_be_one(read_name(text), read_name("Ana Flores")) is alike


def test_a_number_tells_people_apart() -> None:
    """Names that are counted through are no typos of each other."""
    assert not may_be_one(read_name("Nurse 10"), read_name("Nurse 1"))
