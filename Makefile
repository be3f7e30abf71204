# Kiln's entry points: make build, make test, make demo, make bench.
export JAVA_HOME := $(shell .ci/find-jdk)
# The real clients that .ci/clients builds, for the tests that look for them there.
export PATH := $(CURDIR)/target/clients:$(PATH)
MVN := mvn -B -ntp

.PHONY: build test demo bench format
build:
	$(MVN) -q package -DskipTests -Dspotless.check.skip
	chmod +x target/kiln/bin/kiln target/kiln/bin/kilnd
	.ci/warm
test:
	.ci/packages
	.ci/clients
	mkdir -p target && touch target/tests-began
	$(MVN) verify; result=$$?; .ci/skipped target/tests-began; exit $$result
# make bench BENCH_PEER=unix:///run/buildkit/buildkitd.sock BENCH_PEER_PID=… measures another daemon beside this one.
bench: build
	.ci/packages
	.ci/clients
	KILN_HOME=target/kiln BENCH_BUILDCTL=$${BENCH_BUILDCTL:-target/clients/buildctl} BENCH_BUSYBOX=$${BENCH_BUSYBOX:-/bin/busybox} \
	  "$(JAVA_HOME)/bin/java" -cp daemon/integration/target/classes dev.kiln.bench.Bench
demo:
	.ci/packages
	$(MAKE) --no-print-directory build
	examples/demo/run
format:
	$(MVN) -q spotless:apply
