# Kiln's entry points: make build, make test, make crash, make demo, make bench, make compare.
export JAVA_HOME := $(shell .ci/find-jdk)
# The real clients that .ci/clients builds, for the tests that look for them there.
export PATH := $(CURDIR)/target/clients:$(PATH)
MVN := mvn -B -ntp

.PHONY: build test crash demo bench compare format
build:
	rm -rf target/kiln/lib/kiln target/kiln/lib/kilnd # a library of another version must not stay beside the new one
	$(MVN) -q package -DskipTests -Dspotless.check.skip
	chmod +x target/kiln/bin/kiln target/kiln/bin/kilnd
	.ci/warm
test:
	.ci/packages
	.ci/clients
	mkdir -p target && touch target/tests-began
	$(MVN) verify; result=$$?; .ci/skipped target/tests-began; exit $$result
# make crash CRASH_ROUNDS=500 CRASH_SEED=1 makes it longer, or repeats a run that printed its seed.
crash:
	.ci/packages
	.ci/clients
	$(MVN) verify -pl daemon/integration -am -Dspotless.check.skip -Dsurefire.failIfNoSpecifiedTests=false -Dtest='CrashTest,PowerCutTest' \
	  -Dcrash.rounds=$${CRASH_ROUNDS:-200} -Dcrash.cuts=$${CRASH_CUTS:-20} $${CRASH_SEED:+-Dcrash.seed=$$CRASH_SEED}
# make bench BENCH_PEER=unix:///run/buildkit/buildkitd.sock BENCH_PEER_PID=… measures another daemon beside this one.
bench:
	.ci/packages
	.ci/clients
	$(MAKE) --no-print-directory build
	KILN_HOME=target/kiln BENCH_BUILDCTL=$${BENCH_BUILDCTL:-target/clients/buildctl} BENCH_BUSYBOX=$${BENCH_BUSYBOX:-/bin/busybox} \
	  "$(JAVA_HOME)/bin/java" --enable-native-access=ALL-UNNAMED -Djava.library.path=target/kiln/lib/native \
	  -cp 'daemon/integration/target/classes:target/kiln/lib/kilnd/*' dev.kiln.bench.Bench
# make compare COMPARE_PEER=unix:///run/buildkit/buildkitd.sock builds examples/compare on that daemon and on this one, and compares.
# COMPARE_ONLY=copy/ takes the cases with that in their names.
compare:
	.ci/packages
	.ci/clients
	$(MAKE) --no-print-directory build
	KILN_HOME=target/kiln COMPARE_PEER='$(COMPARE_PEER)' COMPARE_ONLY='$(COMPARE_ONLY)' \
	  COMPARE_BUILDCTL=$${COMPARE_BUILDCTL:-target/clients/buildctl} COMPARE_BUSYBOX=$${COMPARE_BUSYBOX:-/bin/busybox} \
	  "$(JAVA_HOME)/bin/java" -cp 'daemon/integration/target/classes:target/kiln/lib/kilnd/*' dev.kiln.compare.Compare examples/compare
demo:
	.ci/packages
	$(MAKE) --no-print-directory build
	examples/demo/run
format:
	$(MVN) -q spotless:apply
