# Recipes are single commands without shell words, so that make runs the program itself and a signal reaches it.
PYTHON ?= python3
VENV := .venv/bin
STAMP := .venv/.installed-$(shell cat requirements/*.lock | sha256sum | cut -c1-16)
COMPILE := $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

.DEFAULT_GOAL := help
.PHONY: help run demo test soak check bench clean lock

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: $(STAMP) ## everything for a developer's day on PORT (8000) and SANDBOX_PORT (8001), data under GATEWAY_HOME (.gateway)
	@$(VENV)/python manage.py run

demo: $(STAMP) ## the main job once, end to end: on a running `make run`, else on a gateway of its own
	@$(VENV)/python manage.py demo

test: $(STAMP) ## all tests, the fast ones first
	@$(VENV)/python -m pytest -n 2 -m "not slow and not soak"
	@$(VENV)/python -m pytest -m slow

soak: $(STAMP) ## the tests that take minutes of real time: paces seen from outside, a campaign under kills
	@$(VENV)/python -m pytest -m soak

check: $(STAMP) ## style, types, the arrows between rooms, migrations, locks, deployment settings
	@$(VENV)/python -m ruff check
	@$(VENV)/python -m ruff format --check
	@$(VENV)/python -m mypy .
	@$(VENV)/lint-imports
	@$(VENV)/python -W "ignore:Got an error checking a consistent" manage.py makemigrations --check --dry-run
	@! grep -nE '://|--index|--find-links' requirements/*.lock
	@$(VENV)/python deploy/check_settings.py

bench: $(STAMP) ## what it costs, on this machine; ONLY=dispatch for one of them, QUICK=1 for smaller loads
	@$(VENV)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(filter 1,$(QUICK)),--quick)

clean: ## remove the environment and caches; data under .gateway stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: $(STAMP) ## pin requirements/*.in anew
	$(COMPILE) requirements/base.in -o requirements/base.lock
	$(COMPILE) -c requirements/base.lock requirements/dev.in -o requirements/dev.lock
	$(COMPILE) requirements/embedded.in -o requirements/embedded.lock

$(STAMP): | requirements/install.py
	@$(PYTHON) requirements/install.py $(STAMP)
