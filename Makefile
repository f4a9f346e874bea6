# Every target is one line that can be typed by hand; the first use makes .venv from the hash-pinned lock file.
PYTHON ?= python3
PY := .venv/bin/python

.PHONY: demo demo-script test check audit bench format run lock clean

demo: .venv/ready
	$(PY) -m bot demo $(if $(PORT),--port $(PORT))

demo-script: .venv/ready
	$(PY) -m bot demo-script

test: .venv/ready
	$(PY) -m pytest -q -n auto

check: .venv/ready
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m pytest -q -n auto

audit: .venv/ready
	$(PY) -m tests.audit

bench: .venv/ready
	$(PY) -m tests.bench $(if $(QUICK),--quick)

bench-%: .venv/ready
	$(PY) -m tests.bench $* $(if $(QUICK),--quick)

format: .venv/ready
	$(PY) -m ruff format . && $(PY) -m ruff check --fix .

run: .venv/ready
	$(PY) -m bot run

.venv/ready: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: install it, or name it with 'make PYTHON=python3.12 ...'" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { echo "The venv module is missing: install it (Debian, Ubuntu: apt install python3-venv) and run make again" >&2; exit 1; }
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	@touch $@

lock:  ## needs uv
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group dev -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
