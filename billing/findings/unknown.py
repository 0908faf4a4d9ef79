"""Findings of closed months that this version of the program does not find any more."""

from billing.findings.finding import Finding
from billing.findings.row import About, Row


def row(finding: Finding) -> Row:
    """Stands in for the row that the finding's code had in the version that closed its month."""
    words = finding.code.replace("_", " ")
    return Row(
        code=finding.code,
        rule="",
        place=0,
        severities=(finding.severity,),
        title=words,
        sentence=f'Found by the version that closed the month: "{words}". This version has no words for it.',
        about=About.CLAIM,
        # What could only be shown to supervisors then is not known now.
        supervisors_only=(finding.severity,),
    )
