# All that is made goes to .venv and .work; the user's home folder and settings are left alone.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := $(CURDIR)/.venv/bin
HOUSE := .work/ansible_collections/cloudwait/aws
COLLECTION := .work/collections/ansible_collections/cloudwait/aws
INSTALLED := $(COLLECTION)/MANIFEST.json
SOURCES := $(wildcard $(shell git ls-files --cached --others --exclude-standard -- . ':!tests' ':!docs/*.svg'))

unexport $(filter ANSIBLE_%,$(.VARIABLES))
export PATH := $(BIN):$(PATH)
export LC_ALL := C.UTF-8
export ANSIBLE_CONFIG := $(CURDIR)/tools/ansible.cfg
# ansible-core looks for the jobs of async tasks in the home folder of the user, whatever HOME says.
ALONE := HOME="$(CURDIR)/.work/home" ANSIBLE_ASYNC_DIR="$(CURDIR)/.work/home/.ansible_async"
PYTEST := $(ALONE) pytest --numprocesses 2

.PHONY: help demo test lint unit fuzz e2e integration sanity pytest test-servers test-eda bench reliability soak docs waiters upstream oracle recording report-picture build install changelog release-check walk timing test-site screenshots clean
.NOTPARALLEL:

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

demo: .venv/run.stamp $(INSTALLED) ## run playbooks/demo.yml from the installed tarball against a server of its own
	$(ALONE) python tools/with_moto.py sh -c \
	    'exec ansible-playbook cloudwait.aws.demo --extra-vars "endpoint_url=$$AWS_ENDPOINT_URL"'

test: .venv/test.stamp $(HOUSE) install ## everything, side by side, and pytest's summary at the end
	$(MAKE) --keep-going lint sanity integration demo test-site & \
	    $(MAKE) pytest > .work/pytest.log 2>&1; tested=$$?; \
	    wait $$!; checked=$$?; cat .work/pytest.log; exit $$((checked | tested))

lint: .venv/test.stamp $(HOUSE) $(INSTALLED) ## what can be found without running anything
	ruff check
	ruff format --check
	mypy
	antsibull-changelog lint
	GIT_CEILING_DIRECTORIES="$(CURDIR)" $(ALONE) antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs dependent .
	$(ALONE) ansible-lint --offline --profile production

unit: .venv/test.stamp $(HOUSE) ## pytest tests/unit
	$(PYTEST) tests/unit

fuzz: .venv/test.stamp $(HOUSE) ## tests/unit/fuzz with many more examples, new ones each time
	HYPOTHESIS_PROFILE=fuzz $(PYTEST) tests/unit/fuzz

e2e: .venv/test.stamp $(HOUSE) $(INSTALLED) ## pytest tests/e2e: the commands that users type
	$(PYTEST) tests/e2e

walk: .venv/test.stamp ## what README says to a newcomer, from a clone to a waiter of one's own; about a minute
	$(ALONE) pytest tests/e2e/test_walk.py

pytest: .venv/test.stamp $(HOUSE) $(INSTALLED) ## tests/unit and tests/e2e
	$(PYTEST) tests/unit tests/e2e

test-servers: .venv/test.stamp $(HOUSE) $(INSTALLED) ## pytest tests/servers: Ceph and dynalite, which it fetches
	tests/servers/install.sh
	$(PYTEST) --dist loadfile tests/servers

test-eda: .venv/test.stamp .work/eda.stamp $(INSTALLED) ## pytest tests/eda: the event source in ansible-rulebook, which needs Java 17
	$(ALONE) pytest tests/eda

test-site: docs ## pytest tests/site: the pages in a real browser, Chromium
	PYTHONPATH=.work $(ALONE) pytest tests/site

integration: .venv/test.stamp ## the roles of tests/integration by ansible-test
	python tools/with_moto.py python tools/run_ansible_test.py integration

sanity: .venv/test.stamp ## ansible-test sanity
	python tools/run_ansible_test.py sanity

bench: .venv/run.stamp .work/awscli.stamp $(INSTALLED) ## measure, and write docs/benchmarks.md and the figures in docs/event_driven.md
	PATH="$$PATH:$(CURDIR)/.work/awscli/bin" $(ALONE) python -m tests.bench
	$(ALONE) python -m tests.bench.source

reliability: .venv/test.stamp .work/awscli.stamp $(HOUSE) ## try what waits survive, and write docs/reliability.md
	PYTHONPATH=.work $(ALONE) python -m tests.reliability

soak: .venv/test.stamp $(HOUSE) ## thousands of waits, again and again, with faults in a tenth of the requests
	PYTHONPATH=.work $(ALONE) python -m tests.reliability.soak

docs: .venv/test.stamp $(HOUSE) $(INSTALLED) ## the site, in docs/_build
	rm -rf .work/site docs/_build
	mkdir -m 755 -p .work/site/collection
	PYTHONPATH=.work python -m tools.site .work/site
	$(ALONE) antsibull-docs collection --use-current --squash-hierarchy --fail-on-error --dest-dir .work/site/collection cloudwait.aws
	sphinx-build --quiet --fail-on-warning --jobs auto -d .work/site/.doctrees -b html .work/site docs/_build

screenshots: docs ## pictures of the site, in .work/screenshots
	python -m tools.screenshots

waiters: .venv/run.stamp $(HOUSE) ## write docs/waiters.md from the catalogue and the corrections
	PYTHONPATH=.work python -m tools.waiters_page > .work/waiters.md
	mv .work/waiters.md docs/waiters.md

upstream: .venv/run.stamp $(HOUSE) ## write docs/upstream, reports of defects in boto3's waiters, from the corrections
	PYTHONPATH=.work python -m tools.upstream_pages

ORACLE ?= tests/oracle/waits.json
oracle: .venv/run.stamp $(HOUSE) ## compare the waiters with other people's waits; ORACLE names another file of these
	PYTHONPATH=.work python -m tests.oracle $(ORACLE)

timing: .venv/run.stamp $(HOUSE) ## draw docs/timing.svg from the engine's schedule
	PYTHONPATH=.work python -m tools.timing_picture

recording: .venv/test.stamp $(INSTALLED) ## record docs/wait.svg, the picture in the README
	$(ALONE) python -m tools.recording

report-picture: .venv/test.stamp $(INSTALLED) ## take docs/report.png, the picture of a report, and keep the page as .work/report.html
	$(ALONE) python -m tools.report_picture

build: .venv/run.stamp ## the tarball, in .work/dist
	rm -rf .work/dist
	$(ALONE) ansible-galaxy collection build --force --output-path .work/dist

install: build ## the tarball's content, in .work/collections
	rm -rf $(COLLECTION)
	$(ALONE) ansible-galaxy collection install --offline --no-deps --force --collections-path .work/collections .work/dist/*.tar.gz
	touch $(INSTALLED)

$(INSTALLED): $(SOURCES)
	$(MAKE) install

changelog: .venv/test.stamp ## turn the fragments into the changelog of the version in galaxy.yml
	$(ALONE) antsibull-changelog release

release-check: .venv/test.stamp build ## is this ready to publish? Galaxy's importer, every ansible-core there is
	python -m tools.release $(CHECKS)

clean: ## remove all that was made
	rm -rf .venv .work .mypy_cache .pytest_cache .ruff_cache .hypothesis docs/_build

$(HOUSE): # where Python finds the sources as ansible_collections.cloudwait.aws
	mkdir -p $(@D)
	ln -s ../../.. $@

.venv/bin/python:
	$(PYTHON) -m venv .venv

# Commands with environments of their own.
.work/%.stamp: requirements/%.txt
	mkdir -p .work
	$(PYTHON) -m venv --clear .work/$*
	.work/$*/bin/pip install --quiet --no-compile --disable-pip-version-check --requirement $<
	touch $@

# Python compiles what it needs; compiling all of the ansible package would take as long as its download.
.venv/%.stamp: requirements/%.txt requirements/run.txt | .venv/bin/python
	pip install --quiet --no-compile --disable-pip-version-check --requirement $<
	touch $@
