"""A line that logs time: what each part of it means, and the entries that it makes."""
