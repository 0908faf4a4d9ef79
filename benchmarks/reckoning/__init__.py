"""Random practices judged by the program and by a reckoning that was written from the rules' text alone."""
