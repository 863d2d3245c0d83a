# make run: start the assistant. make test: pass the tests. Each is enough on a fresh machine with Python 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export HF_HUB_OFFLINE ?= 1

.PHONY: run test index eval check bench peers

run: $(VENV)/.run
	$(BIN)/python app.py

test: $(VENV)/.test
	$(BIN)/python -m pytest

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

check: $(VENV)/.test
	$(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/python -m assistant check

bench: $(VENV)/.test index
	$(BIN)/python benchmarks/bench.py

peers: $(VENV)/.test index
	$(BIN)/python benchmarks/peers.py --environments $(or $(PEERS),.peers)
	$(BIN)/python benchmarks/peers.py --table
