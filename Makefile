# Everything runs in its own virtual environment; only Python 3.11 or later and make are needed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PEERS ?= .venv-peers

.DEFAULT_GOAL := help
.PHONY: help demo docs test test-slow test-integration package cases lint format notebooks bench scores clean

help: ## show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "nertagger needs Python 3.11 or later; run: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.train: setup.cfg pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[train]'
	@touch $@

$(VENV)/.dev: $(VENV)/.train
	$(BIN)/python -m pip install --quiet --editable '.[train,dev]'
	@touch $@

$(VENV)/.integration: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --editable '.[train,dev,integration]'
	@touch $@

$(VENV)/.release: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --editable '.[train,dev,release]'
	@touch $@

$(VENV)/.docs: $(VENV)/.train
	$(BIN)/python -m pip install --quiet --editable '.[train,docs]'
	@touch $@

demo: $(VENV)/.train ## train, evaluate and tag with the bundled corpus
	$(BIN)/nertagger train --train data/train.conll --dev data/dev.conll --out demo/model.ner
	$(BIN)/nertagger evaluate demo/model.ner data/test.conll
	$(BIN)/nertagger tag demo/model.ner data/raw.txt --to jsonl -o demo/raw.jsonl
	$(BIN)/nertagger tag demo/model.ner data/raw.txt --to html -o demo/raw.html
	@echo "the model:           $(CURDIR)/demo/model.ner"
	@echo "the tagged text:     $(CURDIR)/demo/raw.jsonl"
	@echo "the same as a page:  file://$(CURDIR)/demo/raw.html"

docs: $(VENV)/.docs ## build the documentation as a site
	$(BIN)/sphinx-build -q -W --keep-going docs docs/_build/html
	@echo "the documentation: file://$(CURDIR)/docs/_build/html/index.html"

test: $(VENV)/.dev lint ## run the tests, the linter and the type checks
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-slow: $(VENV)/.dev ## run the tests that take minutes
	$(BIN)/python -m pytest -m slow

test-integration: $(VENV)/.integration ## run the tests against real servers: a browser (chromium), PostgreSQL, Spark (Java)
	$(BIN)/python -m pytest -m integration -rs tests/integration

package: $(VENV)/.release ## build the wheel and the source distribution, and check both and what they install
	.ci/package $(BIN)

cases: $(VENV)/.dev ## run the inputs of ../shared/cases, which failed in the past, and print a table
	$(BIN)/python tests/test_shared_cases.py

lint: $(VENV)/.dev ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

notebooks: $(VENV)/.dev ## run the notebooks and save their output
	$(BIN)/python notebooks/run.py

$(PEERS)/.installed: | $(BIN)/python
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet spacy sklearn-crfsuite
	@touch $@

bench: $(VENV)/.dev $(PEERS)/.installed ## compare with spaCy and CRFsuite on WNUT-17
	$(BIN)/python benchmarks/peers.py --peers-python $(PEERS)/bin/python --corpus wnut17

scores: $(VENV)/.dev ## measure the scores in the README on the real corpora (hours)
	$(BIN)/python benchmarks/scores.py

clean: ## remove everything that other targets made
	rm -rf $(VENV) $(PEERS) demo build dist *.egg-info
