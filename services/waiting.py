"""How long whoever asked can wait for a use case that stores; see `storage.patience`."""

from storage import unhurried, within

__all__ = ["unhurried", "within"]
