# make run    set up everything and open the app
# make test   set up everything and run all checks
# make test-slow  run those that take long: faults, proxies and relays, large files, other installations
# make soak   run the tests that take minutes
# make bench  measure and print the table of benchmarks/
# make test-image  build the container of deploy/ and try it (Debian, as root, with buildah and debootstrap)
# make fuzz  damage files by chance and see that each ends well (SEED=1 SECONDS=600)
# make lock   pin everything anew that requirements.in and requirements-dev.in bring; make renew: at its newest
# make audit  ask whether anything installed has known faults
# make test-processors   run detection on other processors, by emulation (Debian, as root)

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
VENV := .venv
SEED ?= 1
SECONDS ?= 600
BIN := $(VENV)/bin

.PHONY: run ready test test-slow soak fuzz test-image lock renew audit test-processors bench clean

run: $(VENV)/app.stamp
	$(BIN)/streamlit run app.py

ready: $(VENV)/dev.stamp
	$(BIN)/python tools/ensure_browser.py
	$(BIN)/python tools/ensure_servers.py

test: ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-slow: ready
	$(BIN)/python -m pytest -m slow -o faulthandler_timeout=300

soak: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -m soak -o faulthandler_timeout=1200

lock: $(VENV)/dev.stamp
	$(BIN)/python tools/lock_requirements.py

renew: $(VENV)/dev.stamp
	$(BIN)/python tools/lock_requirements.py --upgrade

audit: $(VENV)/dev.stamp
	$(BIN)/uvx pip-audit --disable-pip --no-deps -r requirements.txt \
		|| echo "Known faults, or no database of them to be had here: see above."

fuzz: $(VENV)/dev.stamp
	$(BIN)/python tools/fuzz_files.py --seed $(SEED) --seconds $(SECONDS)
	$(BIN)/python tools/fuzz_clips.py --seed $(SEED)

test-image: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -m soak tests/deploy/test_image.py -o faulthandler_timeout=1200

test-processors: $(VENV)/dev.stamp
	$(BIN)/python tools/emulate_processors.py

bench: $(VENV)/dev.stamp
	$(BIN)/python tools/ensure_browser.py
	$(BIN)/python -m benchmarks

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "PoseLab needs Python 3.11 or newer."; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

$(VENV)/app.stamp: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/app.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV)
