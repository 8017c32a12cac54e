# wardcast: `make demo` and `make test` are all a new user needs; both set everything up first.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
READY := $(VENV)/.ready
OUT ?= out
# Native libraries would otherwise start as many threads as there are cores in every process.
export OMP_NUM_THREADS := 1
export MLFLOW_DISABLE_TELEMETRY := true
export MLFLOW_SERVER_ENABLE_JOB_EXECUTION := false

.PHONY: setup demo test test-slow lint format proto serve mlflow bench bench-forecast worked-requests bench-allocation lock lock-peers wheel clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)  ## Train, plan and report on the embedded synthetic area.
	$(BIN)/wardcast demo --out $(OUT)/demo

test: $(READY)  ## The whole suite but the slow part.
	$(BIN)/pytest -n 2 --dist loadfile

test-slow: $(READY)  ## The part that takes minutes.
	$(BIN)/pytest -m slow

lint: $(READY)  ## Style, types, imports, protos, generated stubs.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python protos/generate.py --check

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

proto: $(READY)  ## Regenerate the stubs from protos/.
	$(BIN)/python protos/generate.py

serve: $(READY)  ## gRPC, worker and page, until ctrl-C.
	$(BIN)/wardcast serve

mlflow: $(READY)  ## The MLflow view of the local runs, on http://127.0.0.1:5000.
	$(BIN)/mlflow server --backend-store-uri sqlite:///$(abspath $(or $(WARDCAST_HOME),.wardcast))/mlflow.db --host 127.0.0.1 --port 5000 --workers 1

bench: $(READY)  ## Seconds and memory of the main job.
	$(BIN)/python experiments/bench_main_job.py

# What a benchmark is asked for: BENCH='--area lbbd --resume'; `--help` lists it.
BENCH ?=
bench-forecast: $(READY) $(PEERS)/.ready  ## Own forecasters and the Nixtla peers: accuracy and seconds side by side.
	$(BIN)/python experiments/bench_forecast.py --peers-python $(PEERS)/bin/python --out $(OUT)/bench-forecast $(BENCH)

bench-allocation: $(READY)  ## Building and solving plans: seconds and memory, beside HiGHS alone.
	$(BIN)/python experiments/bench_allocation.py --out $(OUT)/bench-allocation $(BENCH)

worked-requests: $(READY)  ## Reports of the worked requests, on the synthetic area.
	$(BIN)/python experiments/worked_requests.py

# The peers need pandas < 3: an environment of their own.
$(PEERS)/.ready: experiments/peers/requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

lock-peers: $(READY)  ## Renew the lock of the peers' environment.
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--output-file experiments/peers/requirements.lock experiments/peers/requirements.in

lock: $(READY)  ## Renew requirements.lock.
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--group dev --output-file requirements.lock pyproject.toml

wheel: $(READY)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

clean:
	rm -rf $(VENV) $(PEERS) out dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
