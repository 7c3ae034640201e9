# Every target is one or two plain commands; none needs anything installed
# but Go, bash and, for the race detector, a C compiler.

# make stress DURATION=1h SEED=42 TIMEOUT=90m
DURATION ?= 10m
SEED ?=
TIMEOUT ?= 30m

# make conformance STRESS=5
STRESS ?= 50

# make bench BENCHFLAGS='-bench Tell -count 10'
BENCHFLAGS ?=

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: check
check: ## Run exactly what CI runs.
	.ci/run

.PHONY: test
test: ## Run the tests.
	go test ./...

.PHONY: race
race: ## Run the tests with the race detector, in random order.
	go test -race -shuffle=on ./...

.PHONY: lint
lint: ## Check format, vet, staticcheck and go.mod tidiness in every module.
	.ci/lint

.PHONY: fmt
fmt: ## Format every Go file.
	gofmt -w .

.PHONY: tidy
tidy: ## Tidy the go.mod of every module.
	set -e; for module in $$(.ci/modules); do go -C "$$module" mod tidy; done

.PHONY: bench
bench: ## Run the benchmarks. Extra flags: BENCHFLAGS='-bench Tell -count 10'.
	.ci/bench -benchmem $(BENCHFLAGS)

.PHONY: bench-record
bench-record: ## Record the ratios to plain Go in bench/ratios.json, on a machine with nothing else to do.
	go -C bench run . -record ratios.json

.PHONY: bench-check
bench-check: ## Check that no ratio to plain Go is worse than recorded, beyond noise.
	go -C bench run . -check ratios.json

.PHONY: conformance
conformance: ## Check every runtime by the conformance suite, and write the table of the README. STRESS=50: how often.
	go test -race -cpu 1,2,8 -count=1 -run Conformance ./runtime/... ./examples/customruntime/...
	go run -race ./internal/runtimetable -cpu 1,2,8 -stress $(STRESS) -w README.md
	go test -race -cpu 1,2,8 -count=1 -timeout 1h -v -run OddRuntimes ./conformance/internal/mutants -args -stress $(STRESS)

.PHONY: mutants
mutants: ## Check in full that the conformance suite catches each mutant, and nothing odd but right.
	go test -count=1 ./conformance/internal/mutants -full

.PHONY: stress
stress: ## Run the stress tests. DURATION=10m, SEED=n, TIMEOUT=30m (more than DURATION).
	go test -v -race -run TestStress -timeout $(TIMEOUT) ./core -args -stress.duration=$(DURATION) $(if $(SEED),-stress.seed=$(SEED))

.PHONY: rule-mutants
rule-mutants: ## Break each behaviour rule in turn and check that a test notices.
	go run ./internal/rulemutants
