# make run | test | e2e | bench | corpus | vsix. Python >= 3.11, Node >= 20, npm and git are all that must be there;
# everything else is installed into .venv, node_modules and .cache, which git ignores, and only when it changed.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := test
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
EXT := vscode-extension
CACHE := $(if $(ORCH_CACHE),$(ORCH_CACHE),.cache)
VERSION := $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' server/orch/__init__.py)
VSIX := dist/orch-$(VERSION).vsix
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: run test e2e bench corpus vsix picture setup lint python-test extension-test clean

run: $(VSIX) ## VS Code with the extension on a sample project
	$(PY) tools/run.py $(VSIX)

test: lint extension-test python-test ## every fast test: Python and TypeScript, lint, types, import rules

lint: setup
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

extension-test: $(EXT)/node_modules/.stamp
	cd $(EXT) && npm run --silent check && npm run --silent test

python-test: setup
	$(PY) -m pytest --cov --cov-report=term:skip-covered

e2e: $(VSIX) $(VENV)/.stamp-e2e ## the real editors: VS Code in headless Chromium, Neovim and Emacs
	$(PY) tools/vscode_web.py
	$(PY) -m pytest tests/e2e --override-ini=addopts=-rA

bench: setup $(CACHE)/peers/.stamp ## the benchmarks, with peers side by side
	$(PY) -m bench --peers $(CACHE)/peers/bin
	PYTHONPATH=tests $(PY) -m bench.accuracy --peers $(CACHE)/peers/bin --write docs/accuracy.md

corpus: setup $(CACHE)/corpus/.stamp ## Orch beside Jinja on the templates of public projects
	$(PY) -m bench.corpus $(CACHE)/corpus

picture: $(VSIX) $(VENV)/.stamp-e2e ## the README's picture, taken in the real editor
	$(PY) tools/picture.py $(VSIX) docs/images/session.png

vsix: $(VSIX) ## the extension as one .vsix for every platform

setup: $(VENV)/.stamp $(EXT)/node_modules/.stamp

clean: ## everything that was made, apart from .cache
	rm -rf $(VENV) $(EXT)/node_modules $(EXT)/dist $(EXT)/out $(EXT)/bundled dist

$(VENV)/.stamp: requirements-dev.txt pyproject.toml
	sh tools/make_venv.sh $(VENV)
	$(PIP) -r requirements-dev.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.stamp-e2e: requirements-e2e.txt $(VENV)/.stamp
	$(PIP) -r requirements-e2e.txt
	touch $@

$(EXT)/node_modules/.stamp: $(EXT)/package.json $(EXT)/package-lock.json
	cd $(EXT) && $(NPM_CI)
	touch $@

# peers that cannot be had here are left out of the figures
$(CACHE)/peers/.stamp: bench/requirements.txt $(VENV)/.stamp
	$(PY) -m venv $(CACHE)/peers
	-$(CACHE)/peers/bin/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	touch $@

# wheels whose templates are read as data; nothing of them is installed
$(CACHE)/corpus/.stamp: bench/corpus-packages.txt $(VENV)/.stamp
	rm -rf $(CACHE)/corpus
	$(PY) -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
		--requirement bench/corpus-packages.txt --dest $(CACHE)/corpus
	touch $@

VSIX_SOURCES := $(shell find server templates $(EXT)/src $(EXT)/syntaxes $(EXT)/icons $(EXT)/walkthrough \
	-type f -not -name '*.pyc') $(wildcard $(EXT)/*.json $(EXT)/*.md $(EXT)/LICENSE $(EXT)/.vscodeignore) \
	$(EXT)/launch.py tools/bundle.py requirements-dev.txt pyproject.toml

$(VSIX): $(VSIX_SOURCES) | setup
	$(PY) tools/bundle.py
	mkdir -p dist
	cd $(EXT) && node node_modules/@vscode/vsce/vsce package --no-dependencies --allow-missing-repository \
		--skip-license --out ../$(VSIX)
