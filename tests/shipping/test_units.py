"""The systemd units: parsed, held to their hardening, and verified by systemd."""

import configparser
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.shipped import ROOT

UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
TIMERS = sorted(UNITS.glob("*.timer"))
PROGRAM = "/opt/cocm/bin/cocm"


class _Every(dict[str, str]):
    """Keys of a section; one that is given twice keeps both, as systemd does."""

    def __setitem__(self, key: str, value: str) -> None:
        old = self.get(key)
        joined = isinstance(value, list) and isinstance(old, list)
        super().__setitem__(key, [*old, *value] if joined else value)  # type: ignore[misc, list-item]


def unit(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(dict_type=_Every, strict=False, comment_prefixes="#")
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_each_service_may_do_little(path: Path) -> None:
    """Not root, nothing to gain, one folder to write to, which others cannot read."""
    service = unit(path)["Service"]
    assert service["User"] == "cocm"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["ProtectHome"] == "yes"
    assert service["PrivateTmp"] == "yes"
    assert service["UMask"] == "0077"
    assert service["StateDirectory"].split()[0] == "cocm"
    assert service["StateDirectoryMode"] == "0700"
    assert service["WorkingDirectory"] == "/var/lib/cocm"
    assert service["CapabilityBoundingSet"] == ""
    assert "@system-service" in service["SystemCallFilter"]
    assert PROGRAM in service["ExecStart"]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_secrets_come_as_credentials(path: Path) -> None:
    """Never in the unit or the environment, where others could read them."""
    service = unit(path)["Service"]
    assert not [
        word for word in ("TOKEN", "SECRET", "PASSWORD", "DATABASE_URL") if word in service["Environment"]
    ]
    for credential in service.get("LoadCredential", "").splitlines():
        name, _, source = credential.partition(":")
        assert source == f"/etc/cocm/{name}"


def test_each_timer_has_its_service() -> None:
    """What a timer starts is there, and a night or a minute that was missed is made up for."""
    assert {path.stem for path in TIMERS} == {"cocm-tick", "cocm-backup"}
    for path in TIMERS:
        assert (UNITS / f"{path.stem}.service").exists()
        assert unit(path)["Timer"]["Persistent"] == "yes"


def test_systemd_finds_nothing_wrong(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """With a program where the units look for one. Where CI has no systemd to ask, this fails."""
    verify = shutil.which("systemd-analyze")
    if verify is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("systemd-analyze is not installed here")
    stand_in = shutil.which("true")
    assert stand_in is not None
    for path in (*SERVICES, *TIMERS):
        text = path.read_text(encoding="utf-8").replace(PROGRAM, stand_in)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [verify, "verify", "--man=no", *sorted(map(str, tmp_path.glob("cocm*")))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    record_property("shipped", f"systemd units: {len([*SERVICES, *TIMERS])} verified by systemd")
