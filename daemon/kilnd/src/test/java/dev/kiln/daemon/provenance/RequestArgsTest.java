package dev.kiln.daemon.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.daemon.build.FrontendCall;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestArgsTest {
  private static RequestRecord record(Map<String, String> options, Capture capture) {
    return RequestArgs.record(new FrontendCall("dockerfile.v0", options, Map.of()), capture);
  }

  @Test
  void contextIsToldWithTheCommitThatItWas() {
    Capture capture = new Capture();
    capture.add(new Capture.Git("https://example.com/a.git#main", "d".repeat(40), ""));

    RequestRecord record =
        record(
            Map.of("context", "https://example.com/a.git#main:sub", "filename", "Dockerfile"),
            capture);

    assertThat(record.source().uri()).isEqualTo("https://example.com/a.git#main:sub");
    assertThat(record.source().digests()).isEqualTo(Map.of("sha1", "d".repeat(40)));
    assertThat(record.source().path()).isEqualTo("Dockerfile");
    assertThat(record.args()).isEmpty();
  }

  @Test
  void passwordsInContextsAreMasked() {
    RequestRecord record =
        record(
            Map.of(
                "context", "https://me:secret@example.com/x.tar",
                "context:foo", "https://me@example.com/y"),
            new Capture());

    assertThat(record.source().uri()).isEqualTo("https://xxxxx:xxxxx@example.com/x.tar");
    assertThat(record.args()).containsEntry("context:foo", "https://xxxxx@example.com/y");
  }

  @Test
  void contextMayHaveAnotherKey() {
    RequestRecord record =
        record(Map.of("contextkey", "where", "where", "https://example.com/z"), new Capture());

    assertThat(record.source().uri()).isEqualTo("https://example.com/z");
    assertThat(record.args()).containsOnlyKeys("contextkey");
  }

  @Test
  void pinnedImagesAreLeftOutBesideTheirTags() {
    Capture capture = new Capture();
    String pinned = "docker.io/library/a:latest@sha256:" + "0".repeat(64);
    capture.add(new Capture.Image("docker.io/library/a:latest", null, "", false));
    capture.add(new Capture.Image(pinned, null, "", false));
    capture.dropPinnedTwins();

    assertThat(capture.images()).hasSize(1);
    assertThat(capture.images().getFirst().reference()).isEqualTo("docker.io/library/a:latest");
  }

  @Test
  void attestationsAreReadFromOptionsAndBuildArgs() {
    Map<String, Map<String, String>> read =
        AttestationRequests.read(
            Map.of(
                "attest:provenance", "mode=min,inline-only=true",
                "build-arg:BUILDKIT_ATTEST_SBOM", "generator=x,\"a=b,c\"",
                "target", "t"));

    assertThat(read)
        .isEqualTo(
            Map.of(
                "provenance", Map.of("mode", "min", "inline-only", "true"),
                "sbom", Map.of("generator", "x", "a", "b,c")));
    assertThatThrownBy(() -> AttestationRequests.read(Map.of("attest:other", "")))
        .hasMessage("unknown attestation type \"other\"");
  }
}
