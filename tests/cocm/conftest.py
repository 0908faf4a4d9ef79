"""The browser, for the tests that look at the program as a visitor does, and the command line."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cocm.cli import main
from tests.support.browser import browser
from tests.support.commands import Done, Run

__all__ = ["browser"]


@pytest.fixture
def cocm(
    tmp_path: Path,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> Iterator[Run]:
    """The program in a folder and on a database of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COCM_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("COCM_ADMINS", "U0ADMIN")
    # As in the sandbox: files may bring people whom nobody imported before.
    monkeypatch.setenv("COCM_UNKNOWN_MEMBER", "welcome")
    root = logging.getLogger()
    handlers, level = root.handlers, root.level

    def run(*words: str, code: int = 0) -> Done:
        monkeypatch.setattr(sys, "argv", ["cocm", *words])
        try:
            main()
            ended: object = 0
        except SystemExit as end:
            ended = end.code or 0
        said = capsysbinary.readouterr()
        assert ended == code, (ended, said.out.decode(), said.err.decode())
        return Done(stdout=said.out, stderr=said.err)

    yield run
    root.handlers, root.level = handlers, level
