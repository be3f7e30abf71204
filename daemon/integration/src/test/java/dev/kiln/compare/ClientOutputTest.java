package dev.kiln.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClientOutputTest {
  @Test
  void partsProgressFromErrors() {
    ClientOutput output =
        ClientOutput.read(
            List.of(
                "{\"vertexes\":[{\"name\":\"[1/1] RUN x\"},{\"name\":\"exporting\"}]}",
                "{\"warnings\":[{\"short\":\"aGk=\",\"url\":\"u\",\"range\":[{\"start\":{\"line\":2}}]}]}",
                "time=\"now\" level=warning msg=\"of the client\"",
                "{ no json",
                "error: it failed"));
    assertThat(output.steps()).containsExactly("[1/1] RUN x");
    assertThat(output.warnings()).containsExactly("hi / u / {\"start\":{\"line\":2}}");
    assertThat(output.errors()).containsExactly("{ no json", "error: it failed");
  }

  @Test
  void whatIsNewInEveryBuildIsLeftOut() {
    String digest = "0123456789abcdef".repeat(4);
    String id = "abcdefghijklmnopqrstuvw01";
    assertThat(ClientOutput.normal("a sha256:" + digest + " of " + id + "::" + id + " b"))
        .isEqualTo("a sha256:<digest> of <id> b");
    assertThat(ClientOutput.normal("incomprehensibilitiesword")).doesNotContain("<id>");
  }
}
