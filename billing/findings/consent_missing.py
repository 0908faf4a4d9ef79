"""Blocks billing without a documented consent."""

from billing.episodes import Episode, holding_on, in_order
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def consent_missing(case: MonthCase) -> Finding | None:
    """Blocks a month of an episode that has no consent on file.

    In a month of more than one episode each stretch has its own: time that counts of any without one blocks.
    """
    if case.episode is None:
        return None
    asked = _worked_in(case) if len(case.facts.episodes) > 1 else ()
    if all(any(episode.consents for episode in holding) for holding in asked or ((case.episode,),)):
        return None
    return ROW.finding()


def _worked_in(case: MonthCase) -> list[tuple[Episode, ...]]:
    """The episodes to which each entry's day belongs of which some time counts."""
    ordered = in_order(case.facts.episodes)
    wanted = case.portion.program
    return [
        tuple(
            episode
            for episode in holding_on(entry.service_date, ordered)
            if wanted is None or episode.program is wanted
        )
        for entry, verdict in case.entries_with_verdicts()
        if verdict.counted
    ]


ROW = Row(
    code="consent_missing",
    rule="R-303",
    place=30,
    severities=(Severity.BLOCKER,),
    find=consent_missing,
    title="consent missing",
    sentence="Consent missing: nothing is billed without one on file.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record how and when it was given: `/cocm consent MRN123 verbal on 11/3 cost-sharing`.",
    told=When.FROM_THE_START,
    fix=Fix.CONSENT,
    about=About.CONSENT,
)
