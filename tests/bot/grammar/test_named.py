"""Whom a note names that says a case was reviewed with somebody."""

import pytest

from bot.grammar.log.named import names_in


@pytest.mark.parametrize(
    ("note", "names"),
    [
        ("case review with Dr. Cho", ("Dr. Cho",)),
        ("case review w/ Dr. Cho", ("Dr. Cho",)),
        ("case review w/Cho", ("Cho",)),
        ("staffed with cho", ("cho",)),
        ("Reviewed case with Dr. Grace Cho", ("Dr. Grace Cho",)),
        ("case discussed with Ana", ("Ana",)),
        ("discussed with Ana and Ben", ("Ana", "Ben")),
        ("consulted with the psychiatrist Dr Cho", ("the psychiatrist Dr Cho",)),
        ("case review with @cho increase sertraline", ("@cho increase sertraline",)),
        ("will review with Dr. Cho", ()),
        ("plan to staff case with Dr. Cho", ()),
        ("not discussed with Dr. Cho", ()),
        ("spoke with Grace", ()),
        ("case review", ()),
        ("", ()),
    ],
)
def test_names_behind_a_review(note: str, names: tuple[str, ...]) -> None:
    """The names with the words behind them, after what says that a case was reviewed; none of a plan or a denial."""
    assert names_in(note) == names
