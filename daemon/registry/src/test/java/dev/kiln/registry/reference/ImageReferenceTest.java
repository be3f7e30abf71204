package dev.kiln.registry.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReferenceTest {
  private static final String HEX =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @CsvSource({
    "alpine, docker.io/library/alpine:latest, alpine:latest, registry-1.docker.io",
    "alpine:3.20, docker.io/library/alpine:3.20, alpine:3.20, registry-1.docker.io",
    "docker.io/alpine, docker.io/library/alpine:latest, alpine:latest, registry-1.docker.io",
    "index.docker.io/alpine, docker.io/library/alpine:latest, alpine:latest, registry-1.docker.io",
    "index.docker.io/a/b, docker.io/a/b:latest, a/b:latest, registry-1.docker.io",
    "moby/buildkit, docker.io/moby/buildkit:latest, moby/buildkit:latest, registry-1.docker.io",
    "localhost/app, localhost/app:latest, localhost/app:latest, localhost",
    "localhost:5000/app:1, localhost:5000/app:1, localhost:5000/app:1, localhost:5000",
    "127.0.0.1:5000/a/b/c, 127.0.0.1:5000/a/b/c:latest, 127.0.0.1:5000/a/b/c:latest, 127.0.0.1:5000",
    "[::1]:5000/app, [::1]:5000/app:latest, [::1]:5000/app:latest, [::1]:5000",
    "ghcr.io/o/app:v1.2-rc.1, ghcr.io/o/app:v1.2-rc.1, ghcr.io/o/app:v1.2-rc.1, ghcr.io",
    "MyHost/app, MyHost/app:latest, MyHost/app:latest, MyHost",
    "a__b/c-----d.e_f, docker.io/a__b/c-----d.e_f:latest, a__b/c-----d.e_f:latest, registry-1.docker.io",
    "library/a/b, docker.io/library/a/b:latest, library/a/b:latest, registry-1.docker.io",
  })
  void namesAreCompleted(String text, String full, String familiar, String server) {
    ImageReference reference = ImageReference.parse(text).withDefaultTag();

    assertThat(reference).hasToString(full);
    assertThat(reference.familiar()).isEqualTo(familiar);
    assertThat(reference.server()).isEqualTo(server);
    assertThat(ImageReference.parse(full)).isEqualTo(reference);
  }

  @Test
  void digestsComeWithOrWithoutATag() {
    ImageReference both = ImageReference.parse("alpine:3@sha256:" + HEX).withDefaultTag();
    assertThat(both.tag()).contains("3");
    assertThat(both.object()).isEqualTo("sha256:" + HEX);
    assertThat(both).hasToString("docker.io/library/alpine:3@sha256:" + HEX);
    assertThat(both.nameOnly()).hasToString("docker.io/library/alpine");

    ImageReference digest = ImageReference.parse("alpine@sha256:" + HEX).withDefaultTag();
    assertThat(digest.tag()).isEmpty();
    assertThat(digest.isNameOnly()).isFalse();
    assertThat(ImageReference.parse("alpine").isNameOnly()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'', invalid reference format",
    "-, invalid reference format",
    "a//b, invalid reference format",
    "a:, invalid reference format",
    "a@sha256:12, invalid reference format",
    "a b, invalid reference format",
    "a/b:tag:more, invalid reference format",
    ".com/a, invalid reference format",
    "a___b, invalid reference format",
    "Alpine, invalid reference format: repository name (library/Alpine) must be lowercase",
    "example.com/App:1, invalid reference format: repository name (App) must be lowercase",
  })
  void mistakesAreNamed(String text, String message) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(InvalidReferenceException.class)
        .hasMessage(message);
  }

  @Test
  void bareIdsAndOverlongNamesAreRefused() {
    assertThatThrownBy(() -> ImageReference.parse(HEX))
        .hasMessage(
            "invalid repository name (" + HEX + "), cannot specify 64-byte hexadecimal strings");
    assertThatThrownBy(() -> ImageReference.parse("a/".repeat(128) + "a"))
        .hasMessage("repository name must not be more than 255 characters");
    assertThatThrownBy(() -> ImageReference.parse("a").withTag("!"))
        .hasMessage("invalid tag format");
  }
}
