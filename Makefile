# One-word targets; CI calls the same ones.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PLUGINS := $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/*/pyproject.toml))
MEMBERS := core $(PLUGINS) tests/example_connector

.PHONY: run test check bench nightly kit-mutation conformance lock migration format clean
.DEFAULT_GOAL := help

help:
	@echo "make run      set up, bill the sample company's month and serve it on 127.0.0.1:8080"
	@echo "make test     set up and run all tests"
	@echo "make check    what CI runs: format, lint, types, import contracts, tests, docs"
	@echo "make bench    the performance figures"
	@echo "make nightly  the long searches"
	@echo "make kit-mutation  how many mistakes in the reference connectors the connector kit notices"
	@echo "make conformance DATA=DIR  readers and files against samples and schemas of others, in DIR"

run: $(VENV)/ok
	$(BIN)/faktura demo

test: $(VENV)/ok
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

check: $(VENV)/ok
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	@set -e; for member in $(MEMBERS) $(wildcard tests/reference/*); do \
		find $$member/tests -name '*.py' 2>/dev/null | xargs -r $(BIN)/mypy; done
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	@rm -f .coverage .coverage.*
	$(BIN)/python -m coverage run -m pytest -n 2 --dist loadscope --no-loadscope-reorder
	$(BIN)/python -m coverage combine -q
	$(BIN)/python tests/coverage_floor.py

bench: $(VENV)/ok
	$(BIN)/python bench/run.py

nightly: $(VENV)/ok
	FAKTURA_HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest -n 2 --timeout 5400 -m nightly
	FAKTURA_HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest -n 2 --timeout 5400 tests/properties

# Per reference connector: mutants, killed, per cent; fails below 60 mutants or 95 %.
kit-mutation: $(VENV)/ok
	$(BIN)/python -m faktura.testing.mutation $(sort $(patsubst %/pyproject.toml,%,$(wildcard tests/reference/*/pyproject.toml)))

# Samples and schemas of others are not ours to ship; whoever has them names the folder.
conformance: $(VENV)/ok
	@test -d "$(DATA)" || { echo "Name the folder with the sample files: make conformance DATA=DIR"; exit 1; }
	FAKTURA_CONFORMANCE_DATA="$(abspath $(DATA))" $(BIN)/python -m pytest -n 0 plugins/accounting/datev/tests/samples plugins/payment/sepa/tests/samples

format: $(VENV)/ok
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The lock names versions only, never an address, so that any mirror serves it.
lock:
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export --all-packages --no-emit-workspace --all-groups --no-header --no-annotate --no-hashes -o requirements.lock
	rm -f uv.lock

# The next revisions: what the declared tables are ahead of the migrations. Read them before use.
REVISIONS := core/faktura/store/alembic/versions
migration: $(VENV)/ok
	$(BIN)/python -m faktura.store.alembic.revisions
	$(BIN)/ruff check --quiet --fix $(REVISIONS)
	$(BIN)/ruff format --quiet $(REVISIONS)

$(VENV)/ok: requirements.lock $(MEMBERS:%=%/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "faktura needs Python 3.11 or newer; $(PYTHON) is older."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Run: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet 'uv>=0.13,<0.14'
	$(BIN)/uv pip install --quiet --compile-bytecode --no-deps --python $(BIN)/python -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps $(addprefix -e ,$(MEMBERS))
	@touch $@

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
