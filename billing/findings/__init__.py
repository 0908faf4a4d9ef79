"""What stands between a month's minutes and its claim: one small pure function a file."""
