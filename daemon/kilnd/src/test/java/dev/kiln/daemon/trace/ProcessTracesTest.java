package dev.kiln.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessTracesTest {
  private static final TraceContext BUILD =
      new TraceContext("1".repeat(32), "2".repeat(16), true, "");

  private final ProcessTraces traces =
      new ProcessTraces(
          Path.of("/run/s"), ref -> Optional.ofNullable(Map.of("running", BUILD).get(ref)));

  @Test
  void aStepIsToldWhereItsSpanIs() {
    assertThat(traces.environment(List.of("A=1"), List.of("gone", "running"), "sha256:v"))
        .containsExactly("A=1", "TRACEPARENT=" + BUILD.child("sha256:v").traceparent());
  }

  @Test
  void whatTheBuildSaysItselfStays() {
    List<String> own = List.of("TRACEPARENT=own");
    assertThat(traces.environment(own, List.of("running"), "sha256:v")).isEqualTo(own);
  }

  @Test
  void stateIsHandedOn() {
    TraceContext place = new TraceContext("1".repeat(32), "2".repeat(16), false, "a=b");
    assertThat(traces.environment(List.of(), place))
        .containsExactly("TRACEPARENT=" + place.traceparent(), "TRACESTATE=a=b");
  }

  @Test
  void nothingIsSaidWithoutASocketOrABuild() {
    assertThat(new ProcessTraces(null, ref -> Optional.of(BUILD)).environment(List.of(), BUILD))
        .isEmpty();
    assertThat(traces.environment(List.of(), List.of("gone"), "sha256:v")).isEmpty();
  }
}
