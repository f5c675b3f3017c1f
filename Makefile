# Everything is set up in .venv/ in this folder; nothing else is touched. `make help` lists the targets.
PYTHON ?= python3
# Arguments of pytest, for `make test` and `make check`: make test PYTEST_ARGS='tests/unit -k grid'
PYTEST_ARGS ?=
# A part of the matrix, for `make equality`: make equality EQUALITY_ARGS='steps=7,12 kind=vanilla', or --pairs
EQUALITY_ARGS ?=
VENV   := .venv
BIN    := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help run catalogue test check fast-tests lint lint-javascript types image secrets setup setup-test bench clean docs equality

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' Makefile
	@echo "PYTEST_ARGS  arguments of pytest for 'test' and 'check': make test PYTEST_ARGS='tests/unit -k grid'"
	@echo "PYTHON       the Python that .venv is made with (3.11 or newer): make PYTHON=python3.12"

run: setup ## Train and report the quickstart study, with plots in plots/
	@$(BIN)/scheduler run grids/quickstart.yaml --plots plots

catalogue: setup ## Train and report every study of the catalogue
	@$(BIN)/scheduler run grids/*.yaml

test: setup-test ## Run all tests, with a real Redis and a real Postgres (takes minutes)
	@$(BIN)/python -m tests $(PYTEST_ARGS)

check: setup-test ## Run what each change must pass at once: lint, types, and the tests that neither train nor start a server
	@$(MAKE) --no-print-directory --jobs=2 types lint fast-tests

fast-tests: setup-test
	@found=$$($(BIN)/python -m pytest --collect-only -q tests 2>&1) || { echo "$$found"; false; } # those that are not run here are imported
	@$(BIN)/python -m pytest -q -n auto --dist loadscope tests/unit tests/property tests/project $(PYTEST_ARGS)

lint: setup-test ## Check style, formatting, the layers of the architecture and the page's JavaScript
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory lint-javascript

# The page's scripts are checked where there is Node.js; JAVASCRIPT=required makes its absence a failure.
JSTOOLS := tools/javascript
lint-javascript:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory --silent $(JSTOOLS)/node_modules/.setup && \
	node $(JSTOOLS)/node_modules/eslint/bin/eslint.js --config $(JSTOOLS)/eslint.config.mjs --max-warnings 0 scheduler/report/page/scripts scheduler/web/static; \
	else echo "NOT LINTED: the page's JavaScript. It needs Node.js 18.18 or newer with npm." >&2; test "$(JAVASCRIPT)" != required; fi

$(JSTOOLS)/node_modules/.setup: $(JSTOOLS)/package.json
	@npm install --prefix $(JSTOOLS) --silent --no-audit --no-fund --no-package-lock
	@touch $@

types: setup-test ## Check types with mypy
	@$(BIN)/mypy

docs: $(VENV)/.setup-docs ## Build the documentation as a site in build/docs/, and check its links
	@$(BIN)/python -m tests.project.test_pins
	@$(BIN)/python docs/sql_reference.py | diff -u docs/sql.md - || { echo "docs/sql.md is out of date: $(BIN)/python docs/sql_reference.py > docs/sql.md" >&2; false; }
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs
	@echo "build/docs/index.html"

equality: setup-test ## Compare packed training with Keras over every combination of options (takes hours)
	@$(BIN)/python -m tests.equality $(EQUALITY_ARGS)

bench: setup-test ## Run the benchmarks
	@$(BIN)/python -m benchmarks

secrets: ## Make passwords and a token for docker compose in secrets/, where there are none
	@mkdir -p -m 700 secrets
	@for name in postgres_password redis_password serve_token; do test -e secrets/$$name || { $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(24))' > secrets/$$name && chmod 644 secrets/$$name; }; done

image: secrets ## Build the image of docker compose, with the commit in the provenance of its results
	@GIT_COMMIT=$$(git rev-parse HEAD 2>/dev/null) docker compose build

setup: $(VENV)/.setup ## Create .venv with the pinned dependencies
setup-test: $(VENV)/.setup-test ## Add the tools that tests and checks need

$(VENV)/.setup: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is required; $(PYTHON) is %d.%d. Try: make PYTHON=python3.11" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) (once; TensorFlow is most of it) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.setup-test: $(VENV)/.setup requirements-test.txt
	@echo "Setting up the test tools (once) ..."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --requirement requirements-test.txt
	@touch $@

$(VENV)/.setup-docs: $(VENV)/.setup requirements-docs.txt
	@echo "Setting up the tools of the documentation (once) ..."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --requirement requirements-docs.txt
	@touch $@

clean: ## Remove .venv and everything that tools cache
	rm -rf $(VENV) $(JSTOOLS)/node_modules build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
