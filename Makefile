# Soundkin needs Python 3.11 or newer and make; everything else it brings itself, into .venv/.
# State lives under var/ (DATA_DIR moves it). `make` alone lists what there is to do.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
hash = $(shell cat $(1) | cksum | cut -d ' ' -f 1)
RUNTIME := $(VENV)/.runtime-$(call hash,requirements.txt)
DEV := $(VENV)/.dev-$(call hash,requirements.txt requirements-dev.txt)
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest -n $(JOBS)
DEPLOYED := DEBUG=false HTTPS=true ALLOWED_HOSTS=music.example.org

.PHONY: help install run admin test test-sqlite test-pg e2e lint format typecheck bench mutants audit clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Soundkin needs Python 3.11 or newer: install it first."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Soundkin needs Python 3.11 or newer; $(PYTHON) is older. Name another: PYTHON=… make run"; exit 1; }
	@echo "Making the Python environment in $(VENV)/ …"
	@"$(PYTHON)" -m venv --clear $(VENV) || \
		{ echo "That needs Python's venv module (on Debian: apt install python3-venv)."; exit 1; }

$(RUNTIME): | $(BIN)/python
	@echo "Installing what Soundkin needs into $(VENV)/ (a minute or so) …"
	@$(PIP) -r requirements.txt
	@rm -f $(VENV)/.runtime-* && touch $@

$(DEV): | $(BIN)/python
	@echo "Installing what Soundkin and its tests need into $(VENV)/ (a minute or two) …"
	@$(PIP) -r requirements-dev.txt
	@rm -f $(VENV)/.dev-* $(VENV)/.runtime-* && touch $(RUNTIME) $@

install: $(RUNTIME) ## Make .venv/ and install what running needs

run: $(RUNTIME) ## Prepare what is missing, then run web, worker and beat (CATALOGUE=file.csv PORT=8000)
	@$(BIN)/python manage.py prepare
	@exec $(BIN)/python manage.py serve

admin: $(RUNTIME) ## Create a user who may enter /admin/
	@$(BIN)/python manage.py createsuperuser

test: test-sqlite test-pg ## Run all tests that this machine can, and name the others

test-sqlite: $(DEV)
	@echo "Tests on SQLite, with real worker, server and browser …"
	@$(PYTEST)

test-pg: $(DEV) ## Run the tests that use the database on a real PostgreSQL
	@echo "Tests on PostgreSQL …"
	@$(PYTEST) --postgres-if-able

e2e: $(DEV) ## Run the tests in a real browser only
	@$(PYTEST) -m browser

lint: $(DEV) typecheck ## Check style, types, migrations and the safety of a deployment
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet || { echo "Not formatted as agreed: run make format."; exit 1; }
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(DEPLOYED) $(BIN)/python manage.py check --deploy --fail-level WARNING

typecheck: $(DEV) ## Check the types
	@$(BIN)/mypy tracks recommender config

format: $(DEV) ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format

bench: $(DEV) ## Measure speed and memory on the catalogue that is loaded
	@for file in $(filter-out %/bench_import.py,$(wildcard benchmarks/bench_*.py)); do \
		echo "$$file …"; $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; \
	done
	@$(if $(CATALOGUE),$(BIN)/python -m benchmarks.bench_import $(CATALOGUE),echo "Import: name a file, CATALOGUE=…")

mutants: $(DEV) ## Count the small faults that no test notices (an hour or less; goes on where it stopped; LIMIT=300)
	@$(PIP) -r requirements-mutants.txt
	@$(BIN)/python -m tests.mutants --limit $(or $(LIMIT),300) $(ARGUMENTS)

messages: $(RUNTIME) ## Write and compile the strings to translate (LOCALE=de); see CONTRIBUTING.md
	@$(BIN)/python manage.py messages $(LOCALE)

audit: $(DEV) ## Look for known holes in what we install (asks a service on the network)
	@$(PIP) pip-audit==2.10.1
	@$(BIN)/pip-audit --requirement requirements.txt

clean: ## Remove what can be made again: environment, caches (not var/, where the data is)
	@rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage htmlcov
