"""The list of a release's parts, as `make sbom` writes it."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.support.shipped import ROOT, clean_environment


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The list, by the words of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    (words,) = re.findall(r"-m cyclonedx_py (.*) requirements\.lock", makefile)
    file = tmp_path_factory.mktemp("parts") / "parts.json"
    command = words.replace("dist/cocm-minutes.cdx.json", str(file)).split()
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", *command, "requirements.lock"],
        cwd=ROOT,
        env=clean_environment(),
        check=True,
        capture_output=True,
    )
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parts(listed: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(listed)["components"]
    return found


def test_it_holds_to_the_standard(listed: str) -> None:
    """By the schema of CycloneDX 1.6; it names the program and its version, and no machine or moment."""
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(listed) is None
    about = json.loads(listed)["metadata"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (about["component"]["name"], about["component"]["version"]) == (
        project["name"],
        project["version"],
    )
    assert "timestamp" not in about
    assert str(Path.home()) not in listed
    assert str(ROOT) not in listed


def test_the_list_names_every_library_with_its_hashes(parts: list[dict[str, Any]]) -> None:
    """Those of the lock, and no others."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.MULTILINE))
    assert {(part["name"], part["version"]) for part in parts} == locked
    for part in parts:
        hashes = [one for reference in part["externalReferences"] for one in reference.get("hashes", ())]
        assert hashes, part["name"]


def test_what_only_the_demo_needs_is_not_in_it(parts: list[dict[str, Any]]) -> None:
    """A server goes without."""
    names = {part["name"].lower() for part in parts}
    assert not names & {"websockets", "python-multipart", "jsonschema", "pyyaml", "playwright", "pytest"}
