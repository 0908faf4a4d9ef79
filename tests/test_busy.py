"""The script that runs a command on a busy machine."""

import subprocess
import sys

import pytest

from tests.support.busy import busy_machine, run_busy


@pytest.mark.parametrize("code", [0, 3])
def test_the_exit_code_is_the_commands_own(code: int) -> None:
    """What the command says of its end is passed on."""
    assert run_busy([sys.executable, "-c", f"raise SystemExit({code})"], loops=1) == code


def test_a_command_that_a_signal_ended_is_no_success() -> None:
    """Killed is told as shells tell it."""
    killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run_busy([sys.executable, "-c", killed], loops=1) == 128 + 9


def test_nothing_stays_busy_afterwards() -> None:
    """The processes are gone at the end, also when the command cannot be run."""
    with pytest.raises(FileNotFoundError):
        run_busy(["/there/is/no/such/command"], loops=1)
    with busy_machine(2) as loops:
        assert [loop.poll() for loop in loops] == [None, None]
    assert [loop.poll() for loop in loops] == [-9, -9]


def test_nothing_stays_busy_when_the_script_itself_is_killed() -> None:
    """The processes notice that whoever started them is gone."""
    program = """
import os, signal
from tests.support.busy import busy_machine
with busy_machine(1) as (loop,):
    print(loop.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    # Their output is ours: it ends when the last of them has.
    said = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False)
    assert said.returncode == -9
    assert int(said.stdout) > 0
