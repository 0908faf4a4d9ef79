"""Settles what a month lacks where it is read: which tap does it, who may, and what they have done."""
