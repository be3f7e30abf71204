package dev.kiln.wire.attach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.wire.session.RemoteAuth.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerConfigTest {
  @TempDir Path folder;

  @Test
  void noFileMeansNoLogins() throws IOException {
    assertThat(new DockerConfig(folder).login("example.com")).isEqualTo(RegistryLogin.NONE);
  }

  @Test
  void loginsAreFoundByHost() throws IOException {
    String pair = Base64.getEncoder().encodeToString("me:pa:ss".getBytes(UTF_8));
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"auths": {
          "https://index.docker.io/v1/": {"auth": "%1$s"},
          "https://old.example.com/v1/": {"username": "u", "password": "p"},
          "reg.example.com:5000": {"auth": "%1$s", "identitytoken": "it"}
        }}
        """
            .formatted(pair));
    DockerConfig config = new DockerConfig(folder);

    assertThat(config.login("registry-1.docker.io").credentials())
        .isEqualTo(new Credentials("me", "pa:ss"));
    assertThat(config.login("old.example.com").credentials()).isEqualTo(new Credentials("u", "p"));
    assertThat(config.login("reg.example.com:5000").credentials())
        .isEqualTo(new Credentials("", "it"));
    assertThat(config.login("reg.example.com").credentials().isPresent()).isFalse();
  }

  @Test
  void brokenFileIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), "{");
    assertThatThrownBy(() -> new DockerConfig(folder).login("x"))
        .hasMessageStartingWith("could not read " + file);
  }

  @Test
  void seedsStayTheSame() throws IOException {
    byte[] seed = new TokenSeeds(folder).seed("example.com");
    assertThat(seed).hasSize(16);
    assertThat(new TokenSeeds(folder).seed("example.com")).isEqualTo(seed);
    assertThat(new TokenSeeds(folder).seed("other.com")).isNotEqualTo(seed);
    assertThat(new TokenSeeds(folder).seed("example.com")).isEqualTo(seed);
  }
}
