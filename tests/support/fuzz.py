"""Properties with examples that nobody has tried yet.

    python -m tests.support.fuzz [--seed SEED] [--rounds ROUNDS] [WORDS FOR PYTEST ...]

Each round has a seed of its own, one after the other, and says it first. The first round that finds something is the
last; what it found belongs into the test as an `@example`.
"""

import argparse
import secrets
import subprocess
import sys

ROUNDS = 3


def main() -> int:
    """Run the rounds; the exit code is pytest's of the last one."""
    parser = argparse.ArgumentParser(prog="tests.support.fuzz", description="Try properties on new examples.")
    parser.add_argument(
        "--seed", type=int, default=None, help="of the first round; a fresh one when left out"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how many (%(default)s)")
    asked, words = parser.parse_known_args()
    first = secrets.randbits(32) if asked.seed is None else asked.seed
    for seed in range(first, first + asked.rounds):
        print(f"Seed {seed}. The same again: make fuzz SEED={seed} ROUNDS=1", flush=True)  # noqa: T201 - what this program has to say
        command = [sys.executable, "-m", "pytest", "-m", "hypothesis and not soak"]
        command += ["--hypothesis-profile", "fuzz", "--hypothesis-seed", str(seed), *words]
        if code := subprocess.call(command):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
