"""The findings: what blocks a month's claim or deserves a look. Each is one pure function in a file of its own."""
