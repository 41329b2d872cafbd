# Every entry point of the project. Each line below is one command of CONTRIBUTING.md.
# The tools are written with Python's standard library, so they run before anything is installed.

PYTHON ?= python3
BOOK_PORT ?= 8000
LAB_PORT ?= 8888
DEMO_PORT ?= 8890
export BOOK_PORT LAB_PORT
# Rebuild and compare, instead of rebuild and write: make release CHECK=1
CHECK ?=

# No shell between make and the tool: it must get the signals that make passes on.
RUN = $(PYTHON) -m tools

.PHONY: help course setup book pdf test release grade-demo experiments bench bench-grading fmt clean python

help: python ## list the commands
	@$(RUN).help

course: python ## install, build the book, serve it and start JupyterLab on the exercises
	@$(RUN).course

setup: python ## install only: .venv with the pinned requirements
	@$(RUN).environment course

book: python ## build the book into build/book/_build/html
	@$(RUN).book

pdf: python ## print the whole book into build/book.pdf
	@$(RUN).pdf

test: python ## install what the tests need, then run every test and every gate
	@$(RUN).gates

release: python ## make exercises/ from solutions/; with CHECK=1 compare only
	@$(RUN).environment course
	@.venv/bin/python -m tools.release $(if $(CHECK),--check)

grade-demo: python ## grade a made-up class and show the result in formgrader
	@$(RUN).environment course
	@PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m rnngrader demo --port $(DEMO_PORT)

experiments: python ## train the small models of the experiments again; finished seeds are kept
	@$(RUN).environment course
	@nice .venv/bin/python -m experiments all
	@.venv/bin/python -m experiments table

bench: python ## measure the recurrent layers beside torch, Keras and JAX; renew docs/benchmarks.md
	@$(RUN).environment course
	@.venv/bin/python -m benchmarks recurrent
	@.venv/bin/python -m benchmarks table

bench-grading: python ## measure grading beside stock nbgrader; renew the table of docs/grading.md
	@$(RUN).environment course
	@.venv/bin/python -m benchmarks.grading
	@.venv/bin/python -m benchmarks.grading table

fmt: python ## format the sources and repair what can be repaired
	@$(RUN).environment test
	@.venv/bin/ruff check --fix --quiet .
	@.venv/bin/ruff format .

clean: ## remove everything that was built; keeps .venv and learners' work
	rm -rf build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

python:
	@if ! command -v $(PYTHON) >/dev/null; then \
	  echo "Python was not found as '$(PYTHON)'. Install Python 3.11 or newer (Debian: sudo apt-get install python3 python3-venv), or name it: make course PYTHON=/path/to/python3" >&2; \
	  exit 2; fi
