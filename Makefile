# Parallelogram. Two commands: `make run` shows the page, `make test` tests everything; both set up what is missing.
SHELL := /bin/bash
PORT ?= 8080
.PHONY: run test test-docs test-firefox test-kestra check conformance upgrades bare dist docs cli npm bench soak fuzz shots clean

# Build the page and the docs, and serve them on http://127.0.0.1:$(PORT) and below its /docs/. Without docs there is still the page.
run:
	@scripts/build.sh
	@scripts/build.sh docs || true
	@exec node scripts/serve.mjs dist $(PORT)

# All tests, native and in a browser; the last line counts them.
test:
	@scripts/test.sh

# The packages for generators of docs, and a sample site of each, built and opened in a browser.
test-docs:
	@scripts/test.sh docs

# All browser tests in Firefox, in about 20 min.
test-firefox:
	@scripts/build.sh
	@scripts/test.sh firefox

# N random flows on Kestra's own engine, in both versions, and in ours: what differs. It needs a JDK and Maven.
N ?= 20
SEED ?= 1
test-kestra:
	@scripts/test-kestra.sh $(N) $(SEED)

# Formatting, lints, types and documentation of all code, and the licenses of what it is built on.
check:
	@scripts/test.sh check

# The tests that need files from outside the repository: Kestra's own cases, and its tutorial on tasks in parallel.
# KESTRA_CASES and TUTORIAL are their paths.
conformance:
	@scripts/test.sh conformance

# Flows that the real Kestra 1.3 takes, rewritten and given to the real 2.0. KESTRA_REAL is a folder with the recorders of both.
KESTRA_REAL ?= ../shared/kestra-real
upgrades:
	@scripts/upgrade-real.sh $(KESTRA_REAL)

# Everything from nothing, as on a new machine: a clone, the tools, `make run`, `make test`; prints how long each step takes.
bare:
	@scripts/bare.sh all

# The static site, in dist/, with its sizes.
dist:
	@scripts/build.sh
	@node scripts/sizes.mjs

# The docs site, in dist/docs/.
docs:
	@scripts/build.sh docs

# The command line tool; prints where it is.
cli:
	@scripts/build.sh cli
	@echo target/release/parallelogram

# The npm package, in target/npm/; prints where it is.
npm:
	@scripts/npm.sh

# How fast it is, compared with a bare event loop, and with other simulators and chart libraries if PEERS is a folder with their benches.
PEERS ?= ../shared/perf/peers
bench:
	cargo bench
	@node scripts/bench.mjs $(PEERS)
	@scripts/setup.sh test
	@scripts/build.sh
	@. scripts/env.sh; node scripts/bench-page.mjs $(PEERS)

# The property tests, with 10,000 random flows each.
soak:
	PROPTEST_CASES=10000 cargo test --release --test properties --test convert --test claims --test cores

# Texts that are made to break each target of fuzz/, for so many seconds each. It needs a nightly Rust and cargo-fuzz.
SECONDS ?= 60
fuzz:
	@scripts/fuzz.sh $(SECONDS)

# Pictures of the page at three widths and in both themes, in shots/.
shots:
	@scripts/setup.sh test
	@scripts/build.sh
	@. scripts/env.sh; node scripts/shots.mjs

# Removes everything that was built here. The tools in the cache stay.
clean:
	rm -rf target dist shots node_modules
