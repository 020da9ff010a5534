# make play    opens Tabletop (SCENARIO=ai-gurus-lms/site-down goes straight in)
# make resume  goes on with the exercise that was stopped last
# make host    hosts SCENARIO for a team (OPTIONS="--bind 0.0.0.0 --ssh 8022" lets others in)
# make test    runs every check
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= auto
SCENARIO ?=
FAULTS ?= 50
OPTIONS ?=

.PHONY: play resume host test lint types floors check collected unit faults bench pictures exercises snapshots clean

play: $(VENV)/.play
	@$(BIN)/tabletop $(if $(SCENARIO),play $(SCENARIO))

resume: $(VENV)/.play
	@$(BIN)/tabletop resume

host: $(VENV)/.host
	@$(BIN)/tabletop host $(if $(SCENARIO),$(SCENARIO),ai-gurus-lms/site-down) $(OPTIONS)

# What is compiled is kept, whatever this machine prefers: tests start programs by the hundred.
export PYTHONDONTWRITEBYTECODE :=

test: $(VENV)/.dev
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint types floors check collected
	@$(MAKE) --no-print-directory unit

collected: $(VENV)/.dev
	$(BIN)/pytest --collect-only -qq >/dev/null

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

floors: $(VENV)/.dev
	$(BIN)/lint-imports

check: $(VENV)/.dev
	$(BIN)/tabletop check

unit: $(VENV)/.dev
	$(BIN)/pytest -n $(JOBS) --dist loadgroup

faults: $(VENV)/.dev
	TABLETOP_FAULTS=$(FAULTS) $(BIN)/pytest tests/journal tests/session tests/web -k "kill or power"

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/all.py

pictures: $(VENV)/.dev
	$(BIN)/python docs/pictures.py

exercises: $(VENV)/.dev
	PYTHONPATH=.:tests/review $(BIN)/python docs/exercises/make.py

snapshots: $(VENV)/.dev
	$(BIN)/pytest tests/tui --snapshot-update -n $(JOBS)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Tabletop needs Python 3.11 or newer: make PYTHON=python3.12 play"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"

$(VENV)/.play: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.host: $(VENV)/.play
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[host]"
	@touch $@

$(VENV)/.dev: $(VENV)/.play
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache
