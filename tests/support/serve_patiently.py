"""`cocm` as it is, but that it waits for its own answers as long as a busy machine may need them.

    python -m tests.support.serve_patiently serve --port 0

Slack gives up after three seconds, and the program tells people in time what became of what they sent. A test is
about something else, and its machine may be busy with many others.
"""

from bot import slow_answers
from cocm import connections
from cocm.cli import main

#: As long as tests wait for anything; the module of that name would load the whole sandbox.
_WAIT_SECONDS = 60.0
#: So long a connection has to say what it wants: whoever attacks from the test's own program keeps it busy too.
_MOMENT_SECONDS = 2.0


def be_patient() -> None:
    """Give answers as long as tests wait for anything."""
    for name in ("TURN_SECONDS", "BEGIN_SECONDS", "ANSWER_SECONDS", "FORM_SECONDS"):
        setattr(slow_answers, name, _WAIT_SECONDS)
    connections.MOMENT_SECONDS = _MOMENT_SECONDS


if __name__ == "__main__":
    be_patient()
    main()
