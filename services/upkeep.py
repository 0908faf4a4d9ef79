"""Deletes expired questions and old requests."""

from datetime import timedelta

from services.context import Context

#: Slack redelivers an event for at most an hour; but a message that a person changes or deletes within a week still
#: finds the entries it wrote.
REDELIVERY_LIFE = timedelta(days=7)
#: Slack's delayed events come for a day at most; what requests were answered with may name patients, and goes then.
OUTCOME_LIFE = timedelta(hours=26)


def sweep(context: Context) -> None:
    """Delete questions that nobody answered, and keys of requests too old to be delivered again."""
    context.uow.pending.purge_expired(context.now)
    context.uow.requests.purge(context.now - REDELIVERY_LIFE)
    context.uow.requests.purge_outcomes(context.now - OUTCOME_LIFE)
    context.uow.commit()
