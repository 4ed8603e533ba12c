# The commands of the project. Each target installs what it needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The first supported Python on the PATH; `make run PYTHON=/usr/bin/python3.12` selects another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null \
	&& echo $$python && break; done)
SETUP = @$(if $(PYTHON),,echo "GCSMTTR needs Python 3.11 to 3.14" >&2; exit 1;) $(PYTHON) infra/local/setup.py
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.node/bin:$(PATH)
export PYTHONPATH := $(CURDIR)
# npm uses the machine's certificates, as pip does, so that it works behind a proxy that inspects TLS.
export NODE_USE_SYSTEM_CA ?= 1
STORY ?= sample

# The settings of deployments/NAME.json, and one-off settings, such as CONTEXT="-c logLevel=DEBUG".
DEPLOYMENT ?=
CONTEXT ?=
SETTINGS = $(if $(DEPLOYMENT),-c deployment=$(DEPLOYMENT)) $(CONTEXT)
# Which changes of permissions the CDK asks about; automation has no terminal and needs "never".
APPROVAL ?= broadening
CDK = node node_modules/aws-cdk/bin/cdk
OUTPUTS = build/outputs$(if $(DEPLOYMENT),-$(DEPLOYMENT)).json

.PHONY: help run test check format schema coverage bench chaos screenshots bootstrap diff deploy lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## deploy to a local AWS emulator with sample alerts, until Ctrl-C (STORY=none: no alerts)
	$(SETUP) tools emulator node
	@STORY=$(STORY) exec python -m infra.local.run

check: ## run the format check, linter, type checker, import layers and unit tests
	$(SETUP) tools node
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	pytest -q -n 2 tests/unit --hypothesis-profile=quick

format: ## format the code, and fix what ruff can fix
	$(SETUP) tools
	ruff format .
	ruff check --fix .

schema: ## generate schema.graphql, the Grafana dashboard and the references in docs from the code
	$(SETUP) tools
	python -m graphql_api.sdl
	python -m grafana
	python -m infra.reference
	python -m operations.cli.reference
	python -m bench.cost

test: ## run all checks, and the unit, integration and end-to-end tests
	$(SETUP) tools emulator node codegen typescript
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	pytest -q -n 2 --dist loadfile tests/unit tests/integration
	pytest tests/e2e

coverage: ## run the unit and integration tests, and list the lines and branches that they do not reach
	$(SETUP) tools node codegen typescript
	pytest -q -n 2 --dist loadfile tests/unit tests/integration --hypothesis-profile=quick --cov

bench: ## measure requests, capacity units and CPU time (PARTS=rollup: only that part)
	$(SETUP) tools graphene
	@python -m bench $(PARTS)

chaos: ## try load and faults on the deployed stack (TRIALS="throttled load-1000": only these)
	$(SETUP) tools emulator node
	@python -m tests.chaos $(TRIALS)

screenshots: ## make the pictures of the docs from the sample alerts, and time the dashboard
	$(SETUP) tools emulator node
	@python -m tests.screenshots

bootstrap: ## prepare the account and Region for the CDK, once (DEPLOYMENT=NAME: those of its file)
	$(SETUP) tools node
	$(CDK) bootstrap $(SETTINGS)

diff: ## show what a deployment would change (DEPLOYMENT=NAME)
	$(SETUP) tools node
	$(CDK) diff $(SETTINGS)

deploy: ## deploy to AWS (DEPLOYMENT=NAME: deployments/NAME.json; APPROVAL=never: without questions)
	$(SETUP) tools node
	$(CDK) deploy --require-approval $(APPROVAL) --outputs-file $(OUTPUTS) $(SETTINGS)
	@python -m infra.next_steps $(OUTPUTS)

lock: ## upgrade all locked packages (PACKAGES="a b": only these, from PyPI)
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

clean: ## remove everything that was built or installed
	rm -rf build cdk.out .run .coverage* htmlcov .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache .venv .emulator-venv .codegen-venv .node node_modules \
		examples/typescript/node_modules
