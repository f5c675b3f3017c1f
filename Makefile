# Everything is set up in .venv/ in this folder; nothing else is touched.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run catalogue test lint types setup setup-test bench clean

run: setup
	@$(BIN)/scheduler run grids/quickstart.yaml --plots plots

catalogue: setup
	@$(BIN)/scheduler run grids/*.yaml

test: setup-test
	@$(BIN)/python -m tests $(PYTEST_ARGS)

lint: setup-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: setup-test
	@$(BIN)/mypy

setup: $(VENV)/.setup
setup-test: $(VENV)/.setup-test

$(VENV)/.setup: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, and $(PYTHON) is %d.%d. Try: make PYTHON=python3.11" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) (once; TensorFlow is most of it) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.setup-test: $(VENV)/.setup
	@echo "Setting up the test tools (once) ..."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --requirement requirements-test.txt
	@touch $@

bench: setup-test
	@$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
