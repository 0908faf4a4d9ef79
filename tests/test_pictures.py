"""The pictures of the docs: each is on the list, is there, and is used; together they stay small."""

import re
from pathlib import Path

from tests.support.pictures_list import PICTURES
from tests.support.serving import ROOT
from tests.support.shoot import FOLDER, MOST_BYTES

_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)|<img[^>]*src=\"([^\"]+)\"")


def _used() -> dict[Path, str]:
    """Each picture that a page shows, and what is said in its place."""
    found = {}
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for words, source, tag in _IMAGE.findall(page.read_text(encoding="utf-8")):
            if not (source or tag).startswith("http"):
                found[(page.parent / (source or tag)).resolve()] = words
    return found


def test_every_picture_on_the_list_is_there_and_none_besides() -> None:
    """`make pictures` makes all of them; one that nobody can take again would grow old."""
    assert {path.stem for path in FOLDER.glob("*.png")} == set(PICTURES)


def test_pages_show_pictures_that_are_there_with_words_in_their_place() -> None:
    """A page without a picture's file, or a picture without words, tells nothing."""
    for path, words in _used().items():
        assert path.exists(), path
        assert path.suffix != ".png" or words, path


def test_the_readme_shows_the_page() -> None:
    """A newcomer sees it before they try it."""
    assert FOLDER / "first-line.png" in _used()


def test_the_pictures_stay_small() -> None:
    """Whoever clones the project gets them, too."""
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) <= MOST_BYTES
