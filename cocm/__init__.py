"""The program: settings, command line, wiring."""
