package dev.kiln.daemon.export.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class GoJsonTextTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void escapesWhatGoEscapes() {
    ObjectNode node = JSON.createObjectNode();
    node.put("a", "say \"<b>\" & \\n\n\r\t\b\f");
    node.put("b", "\u0001é\u2028\u2029\ud83d\ude80");
    assertThat(new String(GoJsonText.compact(node), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"a\":\"say \\\"\\u003cb\\u003e\\\" \\u0026 \\\\n\\n\\r\\t\\b\\f\","
                + "\"b\":\"\\u0001é\\u2028\\u2029\ud83d\ude80\"}");
  }

  @Test
  void indentsByTwoSpacesAndClosesEmptyOnesAtOnce() {
    ObjectNode node = JSON.createObjectNode();
    node.putArray("list").add(1).add(true).addNull();
    node.putObject("none");
    node.putArray("empty");
    assertThat(new String(GoJsonText.indented(node), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {
              "list": [
                1,
                true,
                null
              ],
              "none": {},
              "empty": []
            }\
            """);
  }
}
