package dev.kiln.dockerfile.llb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {

  private static final String DIGEST =
      "sha256:e1432b8e2054abb034451c15f0a8ad49d07f5892ca266016226fec77e95d20a0";

  @ParameterizedTest
  @CsvSource({
    "alpine, docker.io/library/alpine:latest, alpine:latest",
    "alpine:3, docker.io/library/alpine:3, alpine:3",
    "foo/bar, docker.io/foo/bar:latest, foo/bar:latest",
    "docker.io/alpine, docker.io/library/alpine:latest, alpine:latest",
    "index.docker.io/a/b:x, docker.io/a/b:x, a/b:x",
    "localhost/x, localhost/x:latest, localhost/x:latest",
    "host:5000/x/y:z, host:5000/x/y:z, host:5000/x/y:z",
    "Up/x, Up/x:latest, Up/x:latest",
    "a@" + DIGEST + ", docker.io/library/a@" + DIGEST + ", a@" + DIGEST,
    "a:b@" + DIGEST + ", docker.io/library/a:b@" + DIGEST + ", a:b@" + DIGEST
  })
  void spellsOutWhatIsDefault(String text, String full, String familiar) {
    ImageName name = ImageName.parse(text).tagged();
    assertThat(name).hasToString(full);
    assertThat(name.familiar()).isEqualTo(familiar);
  }

  @ParameterizedTest
  @CsvSource({
    "Alpine, invalid reference format: repository name (library/Alpine) must be lowercase",
    "a b, invalid reference format",
    "a:, invalid reference format",
    "'', invalid reference format",
    "https://x/y, invalid reference format",
    "e1432b8e2054abb034451c15f0a8ad49d07f5892ca266016226fec77e95d20a0,"
        + " 'invalid repository name (e1432b8e2054abb034451c15f0a8ad49d07f5892ca266016226fec77e95d20a0),"
        + " cannot specify 64-byte hexadecimal strings'"
  })
  void refusesWhatIsNoName(String text, String message) {
    assertThatThrownBy(() -> ImageName.parse(text)).hasMessage(message);
  }
}
