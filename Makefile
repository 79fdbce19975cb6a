# The commands of this house. On Windows, README.md has the same steps in plain Python commands.
PYTHON ?= python3
# A key ring refuses to lie in a git work tree, so the demo lies outside the checkout.
DEMO ?= $(HOME)/hsr-demo/$(shell date +%Y-%m-%d-%H%M%S)
WORKERS ?= auto
PYTEST := -m pytest -n $(WORKERS) --dist loadgroup

CORE := .venv-core
FULL := .venv
PIP := -m pip install --quiet --disable-pip-version-check --no-deps
LOCKED := $(PIP) --require-hashes
THIS := $(PIP) --no-build-isolation --editable .

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow test-core lint format docs bench lock hooks core full clean

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(CORE)/.ready  ## Simulated register -> key ring -> released extract, told step by step
	@$(CORE)/bin/hsr demo --out "$(DEMO)"

test: $(FULL)/.ready  ## All tests, in the full environment (needs Java 17 for Spark)
	$(FULL)/bin/python $(PYTEST) -m "not slow" --cov --cov-report=term

test-slow: $(FULL)/.ready  ## The long sweeps that `make test` leaves out
	$(FULL)/bin/python $(PYTEST) -m slow

test-core: $(CORE)/.ready-test  ## The tests that need no heavy package, with the newest versions
	$(CORE)/bin/python $(PYTEST) -m "not slow and not spark and not full and not once"

lint: $(FULL)/.ready  ## Style, types, layers, and documents that have drifted from the code
	$(FULL)/bin/ruff check
	$(FULL)/bin/ruff format --check
	$(FULL)/bin/mypy
	$(FULL)/bin/lint-imports
	$(FULL)/bin/python scripts/no_real_identifiers.py
	$(FULL)/bin/python scripts/reference.py --check
	$(FULL)/bin/python scripts/rules.py --check

format: $(FULL)/.ready  ## Put the code into its form
	$(FULL)/bin/ruff check --fix
	$(FULL)/bin/ruff format

docs: $(FULL)/.ready  ## Write docs/reference, expectations/ and synthetic/samples anew from the code
	$(FULL)/bin/python scripts/reference.py
	$(FULL)/bin/python scripts/rules.py
	$(FULL)/bin/python -m hsr_privacy.validation
	$(FULL)/bin/python scripts/fidelity.py
	$(FULL)/bin/python scripts/samples.py

bench: $(FULL)/.ready $(CORE)/.ready-test  ## Measure what benchmarks/README.md claims
	$(CORE)/bin/python benchmarks/run.py

lock:  ## Resolve the environments anew (needs uv)
	$(PYTHON) scripts/lock.py

core: $(CORE)/.ready  ## Install the light environment of a user
full: $(FULL)/.ready  ## Install the full environment of a developer

hooks:  ## Let git look for real national identifiers before each commit
	@if [ "$$(git rev-parse --show-toplevel 2>/dev/null)" = "$(CURDIR)" ] && \
	    ! git config core.hooksPath >/dev/null; then git config core.hooksPath .githooks; fi

clean:  ## Remove the environments and everything that tools left behind
	rm -rf $(CORE) $(FULL) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage* dist

# Each environment is remade only when what defines it has changed.
$(CORE)/.ready: requirements/core.txt pyproject.toml | hooks
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(CORE)
	$(CORE)/bin/python $(LOCKED) -r requirements/core.txt
	$(CORE)/bin/python $(THIS)
	$(CORE)/bin/python -m pip check
	@touch $@

$(CORE)/.ready-test: $(CORE)/.ready requirements/test.txt
	$(CORE)/bin/python $(LOCKED) -r requirements/test.txt
	@touch $@

$(FULL)/.ready: requirements/full.txt requirements/torch.txt requirements/peers.txt pyproject.toml | hooks
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "The full environment is locked for Python 3.11: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(FULL)
	$(FULL)/bin/python $(LOCKED) -r requirements/full.txt
	$(FULL)/bin/python $(PIP) -r requirements/torch.txt
	$(FULL)/bin/python $(LOCKED) --upgrade --target $(FULL)/peers -r requirements/peers.txt
	$(FULL)/bin/python $(THIS)
	$(FULL)/bin/python -m pip check
	@touch $@
