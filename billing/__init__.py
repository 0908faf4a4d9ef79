"""Pure rules: months, minutes, codes, rule sets, findings. No I/O, no clock, no framework."""
