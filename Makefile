# Kiln's entry points: make build, make test, make demo, make bench.
export JAVA_HOME := $(shell .ci/find-jdk)
MVN := mvn -B -ntp

.PHONY: build test format
build:
	$(MVN) -q package -DskipTests -Dspotless.check.skip
	chmod +x target/kiln/bin/kiln target/kiln/bin/kilnd
test:
	$(MVN) verify
format:
	$(MVN) -q spotless:apply
