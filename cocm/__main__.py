"""Runs `python -m cocm`."""

from cocm.cli import main

main()
