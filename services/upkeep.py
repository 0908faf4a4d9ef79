"""What must be swept up every now and then."""

from datetime import timedelta

from services.desk import Desk

#: Slack redelivers an event for at most an hour; a day is ample.
REDELIVERY_LIFE = timedelta(days=1)


def sweep(desk: Desk) -> None:
    """Delete questions that nobody answered, and keys of requests too old to be delivered again."""
    desk.uow.pending.purge_expired(desk.now)
    desk.uow.requests.purge(desk.now - REDELIVERY_LIFE)
    desk.uow.commit()
