# The commands of the project. Each makes .venv first when it is missing or stale.

PYTHON ?= python3
PORT ?= 8000
BENCH_MEMBERS ?= 150000
EXAMPLES ?= 100
BIN := .venv/bin
# Named after the lock file's content: a checkout changes times, not always what is locked.
INSTALLED := .venv/.installed-$(shell cksum < requirements.lock | tr ' ' '-')

.PHONY: help setup demo test test-all fuzz lint lock reference bench faults

help:
	@echo "make setup     the virtual environment, and Pango and Chromium where apt-get may install them"
	@echo "make demo      the platform with demo data on http://127.0.0.1:$(PORT) (PORT=... for another)"
	@echo "make test      all tests, slow suites by a seeded tenth (make test-all: the whole)"
	@echo "make fuzz      the API asked by everybody, EXAMPLES=$(EXAMPLES) times an operation, others each time"
	@echo "make bench     benchmarks against floors of the same run (BENCH_MEMBERS=$(BENCH_MEMBERS))"
	@echo "make faults    kills and restarts real workers and servers while runs are going on"
	@echo "make lint      format, lint, import contracts, migrations"
	@echo "make reference what is made of the rulebook's words: its JSON Schema and docs/rulebook.md"
	@echo "make lock      requirements.lock from pyproject.toml"

setup: $(INSTALLED)

$(INSTALLED): | requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed." if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.ci/system-packages
	rm -f .venv/.installed-*
	touch $@

demo: $(INSTALLED)
	$(BIN)/python manage.py demo --port $(PORT)

test: $(INSTALLED)
	$(BIN)/pytest -n 2 --durations=10

test-all: $(INSTALLED)
	MSI_ALL=1 $(BIN)/pytest -n 2 --durations=10

fuzz: $(INSTALLED)
	MSI_SEED=$${MSI_SEED:-$$(date +%s)} MSI_EXAMPLES=$(EXAMPLES) MSI_ALL=1 \
		$(BIN)/pytest -n 2 tests/msi_platform/test_api.py -k answered_with_500

bench: $(INSTALLED)
	@$(BIN)/python manage.py bench --members $(BENCH_MEMBERS)

faults: $(INSTALLED)
	@rm -rf var/faults
	@MSI_VAR=var/faults $(BIN)/python manage.py faults
	@rm -rf var/faults

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

reference: $(INSTALLED)
	mkdir -p var rulebooks/schema
	$(BIN)/python manage.py edition schema > var/edition-1.json
	$(BIN)/python manage.py edition reference > var/rulebook.md
	mv var/edition-1.json rulebooks/schema/edition-1.json
	mv var/rulebook.md docs/rulebook.md

lock: $(INSTALLED)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		--quiet --output-file requirements.lock
