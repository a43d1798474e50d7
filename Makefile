# Handrail: `make help` lists what there is. Nothing here needs root, Docker or a database server.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
SOURCES := portal referrals messaging search resources_db i18n tests bench scripts wsgi.py
PACKAGES := portal referrals messaging search resources_db i18n

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check lint format types imports catalogs browser faults bench pot pseudo screenshots lock clean

help: ## Show this list
	@echo "make run starts Handrail with demo data; make test runs the tests. All of it:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "PORT=8010 make run takes another port; PYTHON=/path/to/python3.12 make run another Python."

setup: ## Make .venv with the locked packages and fetch the browser files (no-op when nothing changed)
	@$(need_python)
	@$(PYTHON) scripts/bootstrap --again

setup-dev:
	@$(need_python)
	@$(PYTHON) scripts/bootstrap --dev

run: ## Serve http://127.0.0.1:8000 with demo data and a phone simulator (Ctrl-C stops it)
	@$(need_python)
	@$(PYTHON) scripts/bootstrap
	@exec $(BIN)/handrail run

test: setup-dev ## Run the tests, on SQLite and on a real PostgreSQL
	@exec $(PYTEST) -n 2 -m "not browser and not faults" $(ARGS)

check: setup-dev lint types imports catalogs test ## All that must hold before a commit: lint, types, imports, catalogs, tests

lint: setup-dev ## Read the code and the templates for mistakes
	@$(BIN)/ruff check $(wildcard $(SOURCES))
	@$(BIN)/ruff format --check $(wildcard $(SOURCES))
	@$(BIN)/djlint --lint --quiet templates

format: setup-dev ## Lay the code out
	@$(BIN)/ruff check --fix $(wildcard $(SOURCES))
	@$(BIN)/ruff format $(wildcard $(SOURCES))

types: setup-dev ## Check the types strictly
	@$(BIN)/mypy

imports: setup-dev ## Check that the arrows between packages point down only
	@$(BIN)/lint-imports --config setup.cfg --no-logo

catalogs: setup-dev ## Check the translations: complete, same placeholders, template current
	@$(BIN)/handrail i18n check

browser: setup-dev ## Run the stories in a real browser
	@exec $(PYTEST) tests/browser -m browser $(ARGS)

faults: setup-dev ## Kill and break things on purpose, at length: no text lost, none twice (HANDRAIL_FAULTS=short: as CI does)
	@HANDRAIL_FAULTS=$${HANDRAIL_FAULTS:-full} exec $(PYTEST) tests -m faults $(ARGS)

bench: setup-dev ## Measure search and the pages (ARGS=messages: how fast texts leave)
	@exec $(BIN)/python -m bench $(ARGS)

pot: setup-dev ## Take the words out of code and templates into the catalogs
	@$(BIN)/handrail i18n extract
	@$(BIN)/handrail i18n update

pseudo: setup ## Serve the demo with the pseudo-languages eo and yi, which show untranslated words and narrow boxes
	@HANDRAIL_PSEUDO=1 exec $(BIN)/handrail run

screenshots: setup-dev ## Take the pictures of docs/screenshots anew
	@exec $(BIN)/python -m tests.browser.screenshots $(ARGS)

lock: setup-dev ## Pin the packages anew, with hashes (needs uv on the PATH)
	@sh scripts/lock.sh

clean: ## Remove what set-up and tools made; your data in instance/ stays
	rm -rf .venv node_modules portal/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info build dist

define need_python
command -v $(PYTHON) >/dev/null 2>&1 || { \
  echo "There is no '$(PYTHON)' on this machine. Handrail needs Python 3.11 or newer."; \
  echo "What to do: install one (Debian or Ubuntu: apt install python3 python3-venv; macOS: brew install python)."; \
  exit 1; }
endef
