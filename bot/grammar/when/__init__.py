"""When it was: dates, times of day and lengths of time, as typed."""
