# Everything a person does with GCSMTTR. Each target brings what it needs by itself.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The first Python on the way that Lambda also has; `make run PYTHON=/usr/bin/python3.12` overrules.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null \
	&& echo $$python && break; done)
SETUP = @$(if $(PYTHON),,echo "GCSMTTR needs Python 3.11 to 3.14" >&2; exit 1;) $(PYTHON) infra/local/setup.py
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.node/bin:$(PATH)
export PYTHONPATH := $(CURDIR)
# npm trusts whom the machine trusts, as pip does: behind a proxy that inspects TLS, too.
export NODE_USE_SYSTEM_CA ?= 1
STORY ?= sample
COVERAGE = --cov --cov-branch --cov-report=

.PHONY: help run test check format schema bench deploy lock clean

help: ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: ## deploy to a local AWS emulator with sample alerts, until Ctrl-C (STORY=none: no alerts)
	$(SETUP) tools emulator node
	@STORY=$(STORY) exec python -m infra.local.run

check: ## format, lint, types, layers and unit tests, in seconds
	$(SETUP) tools node
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	pytest -q -n 2 tests/unit

format: ## format the code, and fix what ruff can fix
	$(SETUP) tools
	ruff format .
	ruff check --fix .

schema: ## write schema.graphql and docs/limits-and-settings.md anew from the code
	$(SETUP) tools
	python -m graphql_api.sdl
	python -m infra.reference

test: ## everything: check, then integration, template, API and end-to-end tests
	$(SETUP) tools emulator node codegen typescript
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	pytest tests $(COVERAGE) --cov-report=term

bench: ## what an alert costs: requests, units, time and growth, as ratios (PARTS=rollup: that alone)
	$(SETUP) tools graphene
	@python -m bench $(PARTS)

deploy: ## bootstrap and deploy to the AWS account of the present credentials
	$(SETUP) tools node
	node node_modules/aws-cdk/bin/cdk bootstrap $(CONTEXT)
	node node_modules/aws-cdk/bin/cdk deploy --require-approval never $(CONTEXT)

lock: ## resolve every requirements file and npm package again (PACKAGES="a b": only these, from PyPI)
	$(SETUP) tools node
ifndef PACKAGES
	npm update --no-audit --no-fund
	npm update --no-audit --no-fund --prefix examples/typescript
endif
	@for source in $$(find requirements -name '*.in' | sort); do \
		echo "lock: $$source"; \
		uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --generate-hashes \
			$(if $(PACKAGES),$(addprefix --upgrade-package ,$(PACKAGES)),--upgrade) \
			"$$source" -o "$${source%.in}.txt"; done

clean: ## remove what was built and installed
	rm -rf build cdk.out .run .coverage* htmlcov .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache .venv .emulator-venv .codegen-venv .node node_modules \
		examples/typescript/node_modules
