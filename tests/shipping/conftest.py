"""The archives, built once for all the processes of a run, and the program installed from them."""

from pathlib import Path

import pytest

from tests.support.shipped import Archives, Installed, build, copy_of_the_tree, install, once


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@pytest.fixture(scope="session")
def archives(shared: Path) -> Archives:
    """The source archive, and the wheel that was built from it."""

    def make(folder: Path) -> None:
        build(copy_of_the_tree(folder / "tree"), folder / "dist")

    dist = once(shared / "archives", make) / "dist"
    (source,), (wheel,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    return Archives(source=source, wheel=wheel)


@pytest.fixture(scope="session")
def installed(archives: Archives, shared: Path) -> Installed:
    """The wheel in an environment of its own, far from the checkout."""
    folder = once(shared / "installed", lambda folder: install(archives, folder / "venv") and None)
    return Installed(programs=folder / "venv" / "bin", archives=archives)
