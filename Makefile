# Needs Python 3.11 or later and make, nothing else. PYTHON=python3.12 make demo takes another.
PYTHON ?= python3.11
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check

.PHONY: demo test check ray-test label-studio loop-test retrain-test screenshots notebooks bench clean

# The main job on the examples: parse them, print what was found, write out/demo.
demo: .venv/core
	@$(BIN)/nianbao parse examples -o out/demo --summary

# Everything that the continuous integration checks.
test: .venv/train
	@$(MAKE) --no-print-directory check

# The same without looking at the installation.
check:
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff --quiet .; false; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/mypy tests benchmarks
	@$(BIN)/python -m pytest -q

# The Ray engine on a cluster of two nodes, one of them killed; installs Ray, 240 MB.
ray-test: .venv/cluster
	@$(BIN)/python -m pytest -q -m ray tests/inference/batch

# Label Studio with our two projects, on http://127.0.0.1:PORT; installs it in .ls, 1 GB.
# LABEL_STUDIO names another of version 1.23.
LABEL_STUDIO ?= .ls/bin/label-studio
PORT ?= 8080
label-studio: .venv/core $(LABEL_STUDIO)
	@$(BIN)/python -m nianbao.annotations.studio --program $(LABEL_STUDIO) --port $(PORT)

# The loop of annotation and retraining against Label Studio, and Chromium where there is one:
# apt-get install chromium fonts-noto-cjk
loop-test: .venv/loop $(LABEL_STUDIO)
	@LABEL_STUDIO=$(LABEL_STUDIO) $(BIN)/python -m pytest -q -m loop tests/loop

# A layout that nobody foresaw, taught by the loop: the queue, corrections, retraining, the gate.
# An hour and a half on two cores; stopped, it goes on. What it found is in runs/retrain-test.
retrain-test: .venv/train
	@$(BIN)/python -m tests.loop.invented.experiment

# The pictures of the guide for annotators, taken anew.
screenshots: .venv/loop $(LABEL_STUDIO)
	@LABEL_STUDIO=$(LABEL_STUDIO) $(BIN)/python -m tests.loop.screenshots

# The notebooks anew, with the shipped model: REPORTS for the large sample, SAMPLE for the small.
REPORTS ?= 1000
SAMPLE ?= 60
notebooks: .venv/train
	@$(BIN)/python -m nianbao.training.survey -n $(REPORTS) --json notebooks/results/survey.json
	@$(BIN)/jupytext --quiet --update --to ipynb notebooks/*.py
	@NIANBAO_SAMPLE=$(SAMPLE) $(BIN)/jupyter-execute --inplace notebooks/*.ipynb

# Speed, side by side, on a machine with nothing else to do: prints it and writes bench.json.
# BENCH=--quick for a look of a minute; docs/benchmarks.md tells what the figures mean.
bench: .venv/train
	@$(BIN)/python -m benchmarks $(BENCH)

clean:
	rm -rf .venv .ls out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The files below are stamps: their age says whether pyproject.toml has changed since.
.venv/pyvenv.cfg:
	@echo "创建 .venv | making .venv"
	@$(PYTHON) -m venv .venv

.venv/core: .venv/pyvenv.cfg pyproject.toml
	@echo "安装运行所需的库 | installing what running needs"
	@$(INSTALL) -e .
	@touch $@

.venv/train: .venv/pyvenv.cfg pyproject.toml
	@echo "安装训练和测试所需的库，约 1.4 GB | installing what training and tests need, about 1.4 GB"
	@$(INSTALL) -e ".[batch,remote,train,nlp,dev,notebooks]"
	@touch .venv/core $@

.venv/loop: .venv/train
	@echo "安装 Playwright，约 170 MB | installing Playwright, about 170 MB"
	@$(INSTALL) -e ".[loop]"
	@touch $@

.ls/bin/label-studio:
	@echo "安装 Label Studio，约 1 GB | installing Label Studio, about 1 GB"
	@$(PYTHON) -m venv .ls
	@.ls/bin/python -m pip install -qq --disable-pip-version-check label-studio==1.23.2

.venv/cluster: .venv/train
	@echo "安装 Ray，约 240 MB | installing Ray, about 240 MB"
	@$(INSTALL) -e ".[cluster]"
	@touch $@
