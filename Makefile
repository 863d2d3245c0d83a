# make run: start the assistant. make test: pass the tests. Each is enough on a fresh machine with Python 3.11.
# make check: everything that a change has to pass: white space and import order, lint, types, then the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export HF_HUB_OFFLINE ?= 1
# where pip finds torch without CUDA: make run TORCH_INDEX=ADDRESS
ifdef TORCH_INDEX
export PIP_EXTRA_INDEX_URL := $(TORCH_INDEX)
endif

.PHONY: run test lint check index eval bench peers notes graph

run: $(VENV)/.run
	$(BIN)/python app.py

test: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 --dist loadfile

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --progress-bar on -c constraints.txt -e .
	touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --progress-bar on -c constraints.txt -e ".[test]"
	touch $@

index: $(VENV)/.run
	$(BIN)/python -m assistant build

eval: $(VENV)/.run index
	$(BIN)/python -m assistant eval

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint test

bench: $(VENV)/.test index
	$(BIN)/python benchmarks/bench.py

peers: $(VENV)/.test index
	$(BIN)/python benchmarks/peers.py --environments $(or $(PEERS),.peers)
	$(BIN)/python benchmarks/peers.py --table

notes:
	@$(PYTHON) deploy/release_notes.py

graph:
	@$(PYTHON) docs/import_graph.py
