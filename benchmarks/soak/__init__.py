"""Tries the program with more than anybody would send, and says what was lost, came twice, or leaked.

    python -m benchmarks.soak                     all parts, one after the other
    python -m benchmarks.soak door nodes          some of them
    python -m benchmarks.soak --quick --seed 7    each in about 20 seconds, as seed 7 has it

A part has a budget of inputs, which two processes share, and fifteen minutes at most. What it tries follows from the
seed alone; where threads or processes race, their order is the machine's.
"""
