# Kiln's entry points: make build, make test, make demo, make bench.
export JAVA_HOME := $(shell .ci/find-jdk)
MVN := mvn -B -ntp

.PHONY: build test format
build:
	$(MVN) -q package -DskipTests -Dspotless.check.skip
	chmod +x target/kiln/bin/kiln target/kiln/bin/kilnd
	.ci/warm
test:
	.ci/packages
	.ci/clients
	mkdir -p target && touch target/tests-began
	$(MVN) verify; result=$$?; .ci/skipped target/tests-began; exit $$result
format:
	$(MVN) -q spotless:apply
