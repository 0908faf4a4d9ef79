"""More commands at once than can be answered: everybody is told the truth, by the program as it is."""

import pytest

from benchmarks.door import notes_on_file
from benchmarks.full_house import BUSY, SAVING, STORED, Account, house
from benchmarks.load import SECRET
from tests.support.bot import busy_clinic
from tests.support.serving import environment, serving
from tests.support.slack import running_slack


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_what_each_was_told_is_what_is_on_file(kind: str, request: pytest.FixtureRequest) -> None:
    """Stored is stored, once; busy is not; what was promised comes. Afterwards all are answered again."""
    url = request.getfixturevalue(f"{kind}_url")
    async with running_slack(busy_clinic()) as slack:
        env = environment(slack, url, SLACK_SIGNING_SECRET=SECRET)
        async with serving(env, "--http", "--no-scheduler", patient=False) as served:
            port = int(served.url.rpartition(":")[2])
            told = await house(port, "full", 64, 3.0)
            said = ""
            while said != STORED:
                said = (await house(port, f"after{said}", 1, 0.0))[-1].said
        # A program that ends finishes what it promised first.
        account = Account.of(told, notes_on_file(url))
    assert account.said.keys() <= {STORED, SAVING, BUSY}, account
    assert (account.lost, account.wrongly_said_lost, account.twice) == (0, 0, 0)
