# What a person or CI types here. Everything it installs goes into .venv, from the lock files.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV_VERSION := 0.13.9

.PHONY: help serve check test laws fuzz browser bench bench-writes lock clean
.DEFAULT_GOAL := help

help: ## Show this list.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile

serve: .venv/.serve ## Start Parley: HOST, PORT and DATABASE_URL are read from the environment.
	@exec $(BIN)/parley serve

check: .venv/.test ## Run what needs no database: format, types, imports, contracts, golden SQL, dates, compiler.
	$(call static)
	$(BIN)/pytest -n logical --dist loadfile -m no_database $(CHECKED)

test: .venv/.test ## Run everything that CI runs.
	$(call static)
	$(BIN)/pytest -n logical --dist loadfile

laws: .venv/.test ## Hold the laws of the rules against 2,000 random worlds, in about half an hour; LAWS=500 asks fewer.
	LAWS=$(or $(LAWS),2000) $(BIN)/pytest -s -p no:xdist --durations=1 tests/laws/test_laws.py

fuzz: .venv/.test ## Run the generated requests from all seeds, in some minutes.
	FUZZ=all $(BIN)/pytest -n logical tests/rest/test_fuzz_rest.py tests/graphql/test_fuzz_graphql.py

browser: .venv/.test ## Run the tests that need an installed Chromium.
	$(BIN)/pytest -m browser

bench: .venv/.test ## Compare reads with other servers, in about 12 minutes; writes bench/REPORT.md. OPTIONS=--help tells more.
	@$(BIN)/python -m bench.run $(OPTIONS)

bench-writes: .venv/.test ## Measure writes and reads at once, for a minute.
	$(BIN)/python bench/writes.py

lock: .venv/.uv ## Write the lock files anew; UPGRADE=1 moves every version to its newest.
	$(call compile,requirements.lock,--extra build)
	$(call compile,requirements-dev.lock,--extra build --extra dev --constraints requirements.lock)

clean: ## Remove what make installed and what tools left behind. Data in .parley stays.
	rm -rf tests/clients/node_modules .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find api schema alembic tests -name __pycache__ -prune -exec rm -rf {} +

# The stamps: installing is skipped until a lock file or the project's own description changes.
.venv/.serve: requirements.lock pyproject.toml | .venv/bin/pip
	@echo "Installing from $< (once, until it changes) …"
	@$(call install,$<)
	@touch $@

.venv/.test: requirements-dev.lock pyproject.toml | .venv/bin/pip
	@echo "Installing from $< (once, until it changes) …"
	@$(call install,$<)
	@touch .venv/.serve $@

.venv/.uv: Makefile | .venv/bin/pip
	@$(INSTALL) uv==$(UV_VERSION)
	@touch $@

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Parley needs Python 3.11 or newer. '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another one: make PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

CHECKED := $(addprefix tests/,compiler contracts dates derive project records)

define static
$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/parley schema --check
endef

# The umask lets the unprivileged user, as whom root's embedded PostgreSQL runs, read its programs. The project
# itself is built by the back end that the lock installed, so that nothing unpinned is fetched.
define install
umask 022 && $(INSTALL) --require-hashes -r $(1) && $(INSTALL) --no-index --no-deps --no-build-isolation -e .
endef

define compile
$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) $(2) -o $(1) pyproject.toml
endef
