"""Lists of words, written as running text."""


def words(text: str) -> frozenset[str]:
    """The words of a text, blanks and line ends between them."""
    return frozenset(text.split())
