"""Compares pictures of a screen: tolerant of how a browser smooths letters, not of a changed word.

Averages over small squares are compared, so that it does not matter how the ink of a letter is spread over its pixels;
a stray square may, however large the picture is, and one figure that is another is more. The squares are laid in four
ways, half a square apart: a stroke that lies on the edge between two is in the midst of another.
"""

from pathlib import Path

from PIL import Image, ImageChops

#: Pixels along a square's edge.
SQUARE = 4
#: Steps of 255 by which a color's share in a square differs noticeably.
NOTICEABLE = 14
#: Squares that may differ noticeably: a speck, not a letter.
STRAY = 1
#: Enough for a page of few colors, in a third of the bytes.
_COLORS = 256


def is_like(golden: Image.Image, actual: Image.Image) -> bool:
    """Whether nobody would see a difference."""
    if golden.size != actual.size:
        return False
    shifts = ((x, y) for x in (0, SQUARE // 2) for y in (0, SQUARE // 2))
    return all(
        _apart(ImageChops.offset(golden, -x, -y), ImageChops.offset(actual, -x, -y)).histogram()[255] <= STRAY
        for x, y in shifts
    )


def difference(golden: Image.Image, actual: Image.Image) -> Image.Image:
    """The actual picture, pale, and in red where it differs; where one alone reaches, that counts as a difference."""
    size = max(golden.width, actual.width), max(golden.height, actual.height)
    before, now = (_on_canvas(picture, size) for picture in (golden, actual))
    apart = _apart(before, now).resize(size, Image.Resampling.NEAREST)
    pale = Image.blend(now, Image.new("RGB", size, "white"), 0.6)
    return Image.composite(Image.new("RGB", size, "red"), pale, apart)


def read(path: Path) -> Image.Image:
    """A picture that was kept."""
    with Image.open(path) as kept:
        return kept.convert("RGB")


def keep(picture: Image.Image, path: Path) -> None:
    """Write a picture as a small file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(_COLORS, kmeans=4, dither=Image.Dither.NONE).save(path, optimize=True)


def _apart(golden: Image.Image, actual: Image.Image) -> Image.Image:
    """White for each square that differs noticeably in a color, black for the others."""
    apart = ImageChops.difference(golden.reduce(SQUARE), actual.reduce(SQUARE))
    red, green, blue = apart.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point(lambda level: 255 if level >= NOTICEABLE else 0)


def _on_canvas(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    # No page has this color.
    canvas = Image.new("RGB", size, "magenta")
    canvas.paste(picture)
    return canvas
