"""Warns when the payer's rules are unverified or not on file."""

from collections.abc import Mapping

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row
from billing.payer_fields import FIELDS
from billing.people import MemberRole


def payer_unverified(case: MonthCase) -> Finding | None:
    """Warns when the payer's rules are not on file, or one of them was never verified."""
    rules = case.rules
    if case.episode is None or not case.claim.payer or rules.payer_verified:
        return None
    if not rules.payer:
        return ROW.finding(rules="none", own="", built_in="")
    return ROW.finding(
        rules="unverified",
        own="\n".join(rules.unverified_own),
        built_in="\n".join(rules.unverified_built_in),
    )


def _spoken(rules: str) -> str:
    """`prior authorization after 12 months (prior_auth_after_months)`."""
    return ", ".join(map(_rule_words, rules.split("\n")))


def _rule_words(rule: str) -> str:
    name, _, text = rule.partition("=")
    field = FIELDS.get(name)
    return rule if field is None else f"{field.words(field.read(text))} ({name} {text})"


def _sentence(parameters: Mapping[str, str]) -> str:
    if parameters["rules"] == "none":
        return "No rules for this payer are on file, so the practice's own were used."
    said = [
        f"{words} {_spoken(parameters[name])}."
        for name, words in (
            ("own", "Imported for this payer, in use, and never verified:"),
            ("built_in", "Reported for this payer by others, not in use until verified:"),
        )
        if parameters[name]
    ]
    return " ".join(said) or "This payer's rules are unverified."


ROW = Row(
    code="payer_unverified",
    rule="R-314",
    place=160,
    severities=(Severity.WARNING,),
    find=payer_unverified,
    title="payer's rules unverified",
    sentence=_sentence,
    parameters=("rules", "own", "built_in"),
    fixed_by=(MemberRole.ADMIN,),
    to_do="An administrator checks the rules with the payer and imports them with the date: `cocm "
    "import payers payers.csv`.",
    about=About.PAYER,
)
