# Everything starts here, from a bare Python (>= 3.11), git and make.
PYTHON ?= python3
BIN := .venv/bin
# Modules are compiled when first imported: compiling all of them beforehand would double the wait.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The locks hold every library there is to install. Left to look for more, pip meets releases newer than the locked.
LOCKED := install --no-compile --no-deps --require-hashes
COMPILE := $(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --universal --python-version 3.11 pyproject.toml
ARGS ?=
# Many tests and measurements start the program. Where this is set, each start compiles all of it again.
unexport PYTHONDONTWRITEBYTECODE
# Tests share the machine's cores; one worker a core, and one more while others wait for leases and servers.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

.PHONY: demo install test test-loaded cover fuzz check format bench bench-reports bench-long bench-door bench-search bench-chain readers same reckoning pace counts soak year mutation lock clean pictures dist sbom audit

demo: .venv/.demo
	@$(BIN)/python -m cocm demo $(ARGS)

# For a real workspace: .venv/bin/cocm, and the file of settings to fill in, which names secrets.
install: .venv/.runtime .env
	@echo "Installed. Fill in .env, then: . .venv/bin/activate; cocm migrate; cocm serve"

test: .venv/.dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

# The same beside three busy loops: no test may fail because the machine has other things to do.
test-loaded: .venv/.dev
	@$(BIN)/python -m tests.support.busy $(MAKE) test ARGS='$(ARGS)'

# Counting lines costs a third of a run, so it is a run apart.
cover: .venv/.dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term $(ARGS)

# Properties on fresh examples. The seed is said first, for the same again: make fuzz SEED=...
fuzz: .venv/.dev
	@$(BIN)/python -m tests.support.fuzz $(if $(SEED),--seed $(SEED)) $(if $(ROUNDS),--rounds $(ROUNDS)) -n $(WORKERS) --dist worksteal $(ARGS)

check: .venv/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/.dev
	@$(BIN)/python -m benchmarks $(ARGS)

# The present tree beside the build that its targets are ratios to, which comes from the history.
bench-reports: .venv/.dev
	@$(BIN)/python -m benchmarks.reports $(ARGS)

# A large import into a running bot while people log, by the base build and by the present tree; then the door.
bench-long: .venv/.dev
	@$(BIN)/python -m benchmarks.long_import $(ARGS)
	@$(BIN)/python -m benchmarks.door

# Attacks on the door with a signed command beside each, and 512 connections, on both databases.
bench-door: .venv/.dev
	@$(BIN)/python -m benchmarks.door $(ARGS)

# What the audit chain costs a log, with it and without it in turns.
bench-chain: .venv/.dev
	@$(BIN)/python -m benchmarks.chain_cost $(ARGS)

# The menu of patients while people type, on 50,000 of them.
bench-search: .venv/.dev
	@$(BIN)/python -m benchmarks.patient_search $(ARGS)

# A report's files, opened by the programs that practices read them with.
readers: .venv/.dev
	@$(BIN)/python -m benchmarks.outside_readers

same: .venv/.dev
	@$(BIN)/python -m benchmarks.same_results $(ARGS)

# Practices at random, judged by the program and by a reckoning from the rules' text alone.
reckoning: .venv/.dev
	@$(BIN)/python -m benchmarks.reckoning $(ARGS)

# Simulated practice-years, forecast morning by morning; prints the tables of docs/pace.md.
pace: .venv/.dev
	@$(BIN)/python -m benchmarks.pace $(ARGS)

counts: .venv/.dev
	@$(BIN)/python -m benchmarks.touched $(ARGS)

# Far more than anybody would send, in named parts of at most 15 minutes; says the seed, what was lost, twice or leaked.
# make soak PART=door for one of them, QUICK=1 for each in about 20 seconds, SEED=... for the same again.
soak: .venv/.dev
	@$(BIN)/python -m benchmarks.soak $(PART) $(if $(QUICK),--quick) $(if $(SEED),--seed $(SEED)) $(ARGS)

# A year of a practice with everything going wrong, in at most ten minutes; its seed stands in the release note.
year: .venv/.dev
	@$(BIN)/python -m benchmarks.year $(if $(QUICK),--quick) $(if $(SEED),--seed $(SEED)) $(ARGS)

# The pictures of docs/img, taken in front of the real demo; make pictures ARGS=month-end for one.
pictures: .venv/.dev
	@$(BIN)/python -m tests.support.shoot $(ARGS)

mutation: .venv/.dev
	@$(BIN)/mutmut run $(ARGS)

# A release's files. The wheel is built from the source archive, and the same commit gives the same wheel.
dist: .venv/.dev
	@rm -rf dist
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --no-isolation --outdir dist
	@$(MAKE) --no-print-directory sbom

# What a server runs besides the program itself, with hashes, as CycloneDX; judged by its schema.
sbom: .venv/.dev
	@mkdir -p dist
	@$(BIN)/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --mc-type application --spec-version 1.6 \
		--output-reproducible --validate -o dist/cocm-minutes.cdx.json requirements.lock
	@echo "dist/cocm-minutes.cdx.json"

# Known vulnerabilities of what a server runs, where the advisories can be reached. A library that is not found there
# counts as not looked up: some mirrors of the index hold no advisories, and would let all of them pass.
audit: .venv/audit
	@.venv/audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock $(ARGS) || { \
		echo "Not passed. Where a library is \"not found\", or nothing answers, the advisories cannot be reached from here: run it where they can be, or ask another source of them (ARGS=\"-s osv\")."; exit 1; }

# The locks name versions and hashes, and no index host.
lock: .venv/.dev
	@$(PIP) install uv
	@$(COMPILE) --group build -o requirements.lock
	@$(COMPILE) --extra demo --group build -o requirements-demo.lock
	@$(COMPILE) --extra demo --group dev -o requirements-dev.lock
	@$(COMPILE:pyproject.toml=) --group audit -o requirements-audit.lock

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing the locked libraries into .venv (once)..."
	@$(PIP) $(LOCKED) -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# What only the local Slack needs.
.venv/.demo: requirements-demo.lock .venv/.runtime
	@$(PIP) $(LOCKED) -r requirements-demo.lock
	@touch $@

# Never written over: what stands in it is the practice's.
.env:
	@install -m 600 .env.example $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@$(PIP) $(LOCKED) -r requirements-dev.lock
	@touch $@

# Beside the locked libraries, for those who soak: where there is no wheel for this Python, the table says so.
.venv/.soak: .venv/.dev
	@$(PIP) install --no-deps "atheris>=3.0" || echo "atheris is not to be had for this Python; make soak says that it was left out."
	@touch $@

.venv/audit: requirements-audit.lock | .venv/bin/python
	@$(PYTHON) -m venv $@
	@$@/bin/python -m pip --disable-pip-version-check --quiet $(LOCKED) -r requirements-audit.lock
	@touch $@

clean:
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage* build dist *.egg-info mutants
