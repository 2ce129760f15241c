# Every target needs only Python >= 3.11, make and a package index; each keeps a virtual environment of its own.
# A stamp in that environment remembers that it is ready, so a second run starts at once.

PYTHON ?= python3
JOBS ?= auto

ifeq ($(OS),Windows_NT)
BIN := Scripts
else
BIN := bin
endif

DEMO := .venv-demo
TEST := .venv-test
CHECK := .venv-check
CORPUS := .venv-corpus
FRAMEWORKS := .venv-corpus-frameworks
LOCK := .venv-lock
DOCS := .venv-docs
FUZZ := .venv-fuzz
BENCH := .venv-bench
PEERS := .venv-peers
COMPILED := .venv-compiled

COMPILED_TESTS := tests/scanner/parsing tests/scanner/formats/test_pickle.py tests/test_corpus.py tests/test_mutations.py

FUZZ_STREAMS ?= 100000
FUZZ_SAMPLES ?= 50
FUZZ_SECONDS ?= 300
BENCH_BUILDS ?= pure compiled
BENCH_PEERS ?= $(PEERS)

SOURCES := $(wildcard scanner/modelwarden/*.py scanner/modelwarden/*/*.py scanner/modelwarden/*/*/*.py sarif/modelwarden_sarif/*.py)
SHELL_FILES := $(wildcard entrypoint.sh .ci/run scripts/*.sh tests/doors/*.sh)
DEMO_MODELS := \
	tests/corpus/benign/sklearn/logistic-regression-protocol-5.pkl \
	tests/corpus/benign/torch/state-dict.pt \
	tests/corpus/malicious/dangerous-call/os-system.pkl \
	tests/corpus/malicious/dangerous-call/torch-checkpoint.pt

.DEFAULT_GOAL := help
.PHONY: help demo test check test-compiled test-doors fuzz bench docs check-readme lock corpus corpus-report peers clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: $(DEMO)/ready  ## Scan the sample models, show what is found, leave modelwarden-demo.sarif
	@sh scripts/demo.sh $(DEMO)/$(BIN)/modelwarden $(DEMO_MODELS)

test: $(TEST)/ready  ## Run the tests
	@# A temporary directory of its own: pytest's shared one is tidied up by every run on the machine. Readable to all,
	@# because tests of unreadable files give up root's rights.
	temporary=$$(mktemp -d) && trap 'rm -rf "$$temporary"' EXIT && chmod 755 "$$temporary" && \
	$(TEST)/$(BIN)/python -m pytest -n $(JOBS) --basetemp "$$temporary/pytest" $(PYTEST_ARGS)

check: $(CHECK)/ready  ## Run every linter and type checker
	$(CHECK)/$(BIN)/ruff format --check .
	$(CHECK)/$(BIN)/ruff check .
	$(CHECK)/$(BIN)/mypy
	$(CHECK)/$(BIN)/pyright --pythonpath $(CHECK)/$(BIN)/python
	$(CHECK)/$(BIN)/lint-imports
	$(CHECK)/$(BIN)/shellcheck $(SHELL_FILES)
	$(CHECK)/$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(CHECK)/$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(CHECK)/$(BIN)/pre-commit validate-manifest .pre-commit-hooks.yaml
	$(CHECK)/$(BIN)/zizmor --offline --quiet .

test-compiled: $(COMPILED)/ready  ## Run the tests of the pickle reader on the wheel whose machine mypyc has compiled
	@# Not the checkout's modules but those installed; and of these the compiled one, or the tests would prove nothing.
	$(COMPILED)/$(BIN)/python -c 'import modelwarden.parsing.pickle.machine as machine; print(machine.__file__); assert not machine.__file__.endswith(".py")'
	temporary=$$(mktemp -d) && trap 'rm -rf "$$temporary"' EXIT && chmod 755 "$$temporary" && \
	$(COMPILED)/$(BIN)/python -m pytest -n $(JOBS) -o pythonpath=. --basetemp "$$temporary/pytest" $(COMPILED_TESTS) $(PYTEST_ARGS)

test-doors: $(CHECK)/ready  ## Test hook, action, image and official SARIF validators (needs root, node, a container engine)
	sh tests/doors/prepare.sh
	$(CHECK)/$(BIN)/python -m pytest tests/doors -n $(JOBS) --dist loadfile $(PYTEST_ARGS)

fuzz: $(FUZZ)/ready  ## Compare the pickle machine with CPython, damage every sample, fuzz all readers (FUZZ_STREAMS, FUZZ_SAMPLES, FUZZ_SECONDS)
	$(FUZZ)/$(BIN)/python -m tests.fuzz.differential --streams $(FUZZ_STREAMS)
	$(FUZZ)/$(BIN)/python -m tests.fuzz.mutations --samples $(FUZZ_SAMPLES)
	$(FUZZ)/$(BIN)/python -m tests.fuzz.campaign --seconds $(FUZZ_SECONDS) $(FUZZ_TARGETS)

bench: $(BENCH_BUILDS:%=$(BENCH)/%/ready) $(if $(filter $(PEERS),$(BENCH_PEERS)),peers)  ## Measure beside other scanners, write docs/benchmarks.md (QUICK=1, BENCH_ARGS)
	$(BENCH)/$(firstword $(BENCH_BUILDS))/$(BIN)/python -m benchmarks $(foreach build,$(BENCH_BUILDS),--build $(build)=$(BENCH)/$(build)) \
		--peers $(BENCH_PEERS) $(if $(QUICK),--quick,--page docs/benchmarks.md) $(BENCH_ARGS)

docs: $(TEST)/ready $(DOCS)/ready  ## Regenerate what is generated from the program, and build the site into build/site
	$(TEST)/$(BIN)/python scripts/docs.py
	NO_MKDOCS_2_WARNING=1 $(DOCS)/$(BIN)/mkdocs build --quiet --strict

check-readme: $(TEST)/ready  ## Compare README, docs and hook with what the program says of itself
	$(TEST)/$(BIN)/python scripts/docs.py --check

lock: $(LOCK)/ready  ## Renew the hash-locked requirements of the Action and the image
	sh scripts/lock.sh $(LOCK)/$(BIN)/uv

corpus: $(CORPUS)/ready $(FRAMEWORKS)/ready  ## Make the sample models anew with the real libraries
	rm -rf tests/corpus/benign tests/corpus/malicious
	$(CORPUS)/$(BIN)/python -m tests.corpus.make requirements.txt
	$(FRAMEWORKS)/$(BIN)/python -m tests.corpus.make requirements-frameworks.txt

corpus-report: $(TEST)/ready  ## Print what modelwarden, and each other scanner that is there, finds in the sample models
	$(TEST)/$(BIN)/python scripts/corpus_report.py

peers: $(addsuffix /ready,$(addprefix $(PEERS)/,picklescan modelscan fickling modelaudit))  ## Install other scanners to compare with

clean:  ## Remove the environments and everything else that can be made again
	rm -rf $(DEMO) $(TEST) $(CHECK) $(CORPUS) $(FRAMEWORKS) $(LOCK) $(DOCS) $(FUZZ) $(BENCH) $(PEERS) $(COMPILED) build dist modelwarden-demo.sarif
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name another one with PYTHON=...")'
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
endef

# Not editable: the demo shows the package as a user gets it.
$(DEMO)/ready: pyproject.toml README.md LICENSE $(SOURCES)
	$(environment)
	$(@D)/$(BIN)/python -m pip install --quiet .
	@touch $@

$(TEST)/ready: pyproject.toml
	$(environment)
	$(@D)/$(BIN)/python -m pip install --quiet --editable . --group test
	@touch $@

$(COMPILED)/ready: pyproject.toml hatch_build.py README.md LICENSE $(SOURCES)
	$(environment)
	MODELWARDEN_COMPILE=1 $(@D)/$(BIN)/python -m pip install --quiet . --group test
	@touch $@

$(CHECK)/ready: pyproject.toml
	$(environment)
	$(@D)/$(BIN)/python -m pip install --quiet --editable . --group check
	@touch $@

$(FUZZ)/ready: pyproject.toml
	$(environment)
	$(@D)/$(BIN)/python -m pip install --quiet --editable '.[archives,sbom]' --group fuzz
	@touch $@

$(DOCS)/ready: pyproject.toml
	$(environment)
	$(@D)/$(BIN)/python -m pip install --quiet --group docs
	@touch $@

# Not editable, and compiled to byte code, as a user has it; nothing is installed beside it that costs time to start.
$(BENCH)/pure/ready $(BENCH)/compiled/ready: pyproject.toml hatch_build.py README.md LICENSE $(SOURCES)
	$(environment)
	MODELWARDEN_COMPILE=$(if $(findstring compiled,$@),1) $(@D)/$(BIN)/python -m pip install --quiet .
	@touch $@

$(LOCK)/ready: pyproject.toml
	$(environment)
	$(@D)/$(BIN)/python -m pip install --quiet --group lock
	@touch $@

# fickling does not name all it needs.
$(PEERS)/%/ready:
	$(environment)
	$(@D)/$(BIN)/python -m pip install --quiet $* $(if $(filter fickling,$*),typing-extensions)
	@touch $@

# Two, because torch and TensorFlow do not agree on one.
$(CORPUS)/ready: tests/corpus/requirements.txt
$(FRAMEWORKS)/ready: tests/corpus/requirements-frameworks.txt
$(CORPUS)/ready $(FRAMEWORKS)/ready:
	$(environment)
	$(@D)/$(BIN)/python -m pip install --quiet --requirement $<
	@touch $@
