"""A patient's month: gathered, judged, shown, closed and reported."""
