package dev.kiln.registry.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerTest {
  private static HostSettings settings(Boolean http, Boolean insecure, String... mirrors) {
    return new HostSettings(
        List.of(mirrors),
        Optional.ofNullable(http),
        Optional.ofNullable(insecure),
        List.of(),
        List.of(),
        List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "example.com,,, https, false",
    "example.com, true,, http, false",
    "example.com,, true, https, false",
    "example.com, true, true, https, true",
    "localhost:5000,,, http, false",
    "127.0.0.1:5000,,, http, false",
    "127.1.2.3,,, http, false",
    "[::1]:5000,,, http, false",
    "localhost:5000, false,, https, false",
    "localhost:5000,, true, https, true",
    "localhost.example:5000,,, https, false",
  })
  void schemeFollowsSettingsAndAddress(
      String host, Boolean http, Boolean insecure, String scheme, boolean fallsBack) {
    Server server = Server.origin(host, settings(http, insecure));
    assertThat(server.scheme()).isEqualTo(scheme);
    assertThat(server.fallsBackToHttp()).isEqualTo(fallsBack);
  }

  @Test
  void hubHasItsOwnServerAndMirrorsHaveTheirOwnSettings() {
    RegistryConfig config =
        new RegistryConfig(
            Map.of(
                "docker.io",
                    settings(null, null, "mirror.example/hub/cache/", "https://other:5000"),
                "mirror.example", settings(true, null)),
            4);

    List<Server> servers = Server.forReading(config, "docker.io");

    assertThat(servers)
        .extracting(
            s -> s.scheme() + "://" + s.host() + "/" + s.root() + (s.mirror() ? " mirror" : ""))
        .containsExactly(
            "http://mirror.example/v2/hub/cache mirror",
            "https://other:5000/v2 mirror",
            "https://registry-1.docker.io/v2");
    assertThat(Server.forWriting(config, "docker.io").host()).isEqualTo("registry-1.docker.io");
  }
}
