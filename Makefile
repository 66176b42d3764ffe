# Every target installs what it needs, into .venv. Python 3.11 or newer: make PYTHON=python3.13 test

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
UV := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header

.PHONY: help install demo test check format benchmark lock wheel clean

help:
	@echo "make demo       try bereik with a made-up organisation, in the browser"
	@echo "make test       all checks and all tests"
	@echo "make check      lint, format, types, import contracts"
	@echo "make format     put the code in the project's format"
	@echo "make benchmark  speed and memory, against hand-written SQL"
	@echo "make install    install into .venv; then: .venv/bin/bereik --help"
	@echo "make wheel      build the package into dist/"
	@echo "make lock       choose newer dependencies and pin them"
	@echo "make clean      remove what was installed and made"

install: $(INSTALLED)

# The exact versions and contents that the lock names, and nothing else; then bereik itself.
$(INSTALLED): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "bereik needs Python 3.11 or newer. Name it: make PYTHON=python3.13" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv \
		|| { echo "Install Python's venv first; on Debian: apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --requirement requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED)
	$(BIN)/bereik demo
	$(BIN)/bereik --store demo/store serve

test: check
	$(BIN)/python -m pytest --numprocesses auto

check: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(INSTALLED)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

benchmark: $(INSTALLED)
	$(BIN)/python -m tests.benchmarks

wheel: $(INSTALLED)
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --wheel-dir dist .

# What runs bereik is pinned to the same versions as what tests it.
lock: $(INSTALLED)
	$(UV) --upgrade --group dev --output-file requirements-dev.txt
	$(UV) --constraint requirements-dev.txt --output-file requirements.txt

clean:
	rm -rf .venv build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
