package dev.kiln.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceBlobTest {
  private static final String SPANS =
      """
      resource { attributes { key: "service.name" value { string_value: "x" } } }
      scope_spans {
        scope { name: "lib" version: "1" }
        spans {
          trace_id: "abcdefghijklmnop" span_id: "abcdefgh" name: "one" kind: SPAN_KIND_CLIENT
          start_time_unix_nano: 1500000000 end_time_unix_nano: 2000000001
          attributes { key: "b" value { bool_value: true } }
          attributes { key: "n" value { int_value: 7 } }
          attributes { key: "d" value { double_value: nan } }
          attributes { key: "l" value { array_value {
            values { int_value: 1 } values { string_value: "s" } } } }
          attributes { key: "none" value { } }
          events { name: "e" time_unix_nano: 1600000000 }
          links { trace_id: "abcdefghijklmnop" span_id: "zzzzzzzz" }
          status { code: STATUS_CODE_ERROR message: "<bad>" }
        }
      }
      """;

  @Test
  void aSpanIsWrittenAsViewersReadIt() throws Exception {
    ResourceSpans.Builder spans = ResourceSpans.newBuilder();
    TextFormat.merge(SPANS, spans);
    String text = new String(TraceBlob.of(List.of(spans.build())), StandardCharsets.UTF_8);
    assertThat(text.replaceAll("\\s+", ""))
        .isEqualTo(
            """
            {"Name":"one",
            "SpanContext":{"TraceID":"6162636465666768696a6b6c6d6e6f70","SpanID":"6162636465666768",
            "TraceFlags":"01","TraceState":"","Remote":false},
            "Parent":{"TraceID":"00000000000000000000000000000000","SpanID":"0000000000000000",
            "TraceFlags":"00","TraceState":"","Remote":false},
            "SpanKind":3,
            "StartTime":"1970-01-01T00:00:01.500Z","EndTime":"1970-01-01T00:00:02.000000001Z",
            "Attributes":[{"Key":"b","Value":{"Type":"BOOL","Value":true}},
            {"Key":"n","Value":{"Type":"INT64","Value":7}},
            {"Key":"d","Value":{"Type":"STRING","Value":"NaN"}},
            {"Key":"l","Value":{"Type":"STRINGSLICE","Value":["1","s"]}},
            {"Key":"none","Value":{"Type":"STRING","Value":""}}],
            "Events":[{"Name":"e","Attributes":[],"DroppedAttributeCount":0,
            "Time":"1970-01-01T00:00:01.600Z"}],
            "Links":[{"SpanContext":{"TraceID":"6162636465666768696a6b6c6d6e6f70",
            "SpanID":"7a7a7a7a7a7a7a7a","TraceFlags":"01","TraceState":"","Remote":false},
            "Attributes":[],"DroppedAttributeCount":0}],
            "Status":{"Code":"Error","Description":"\\u003cbad\\u003e"},
            "DroppedAttributes":0,"DroppedEvents":0,"DroppedLinks":0,"ChildSpanCount":0,
            "Resource":[{"Key":"service.name","Value":{"Type":"STRING","Value":"x"}}],
            "InstrumentationScope":{"Name":"lib","Version":"1","SchemaURL":""},
            "InstrumentationLibrary":{"Name":"lib","Version":"1","SchemaURL":""}}
            """
                .replaceAll("\\s+", ""));
  }
}
