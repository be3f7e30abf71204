package dev.kiln.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @Test
  void aHeaderIsReadAndWritten() {
    TraceContext read = TraceContext.parse("00-" + TRACE + "-" + SPAN + "-01", "a=1").orElseThrow();
    assertThat(read).isEqualTo(new TraceContext(TRACE, SPAN, true, "a=1"));
    assertThat(read.traceparent()).isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
  }

  @Test
  void flagsTellWhetherSpansAreWanted() {
    assertThat(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-02", null).orElseThrow().sampled())
        .isFalse();
  }

  @Test
  void aLaterVersionMaySayMore() {
    assertThat(TraceContext.parse("01-" + TRACE + "-" + SPAN + "-01-more", null)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-" + TRACE + "-" + SPAN,
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01"
      })
  void whatIsMalformedIsOverlooked(String header) {
    assertThat(TraceContext.parse(header, "a=1")).isEmpty();
  }

  @Test
  void childrenStayInTheTraceAndAreFoundAgain() {
    TraceContext parent = TraceContext.fresh();
    assertThat(parent.child("x")).isEqualTo(parent.child("x")).isNotEqualTo(parent.child("y"));
    assertThat(parent.newChild().traceId()).isEqualTo(parent.traceId());
    assertThat(parent.newChild()).isNotEqualTo(parent.newChild());
    assertThat(TraceContext.parse(parent.traceparent(), null)).contains(parent);
  }
}
