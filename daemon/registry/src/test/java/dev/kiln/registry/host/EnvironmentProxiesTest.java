package dev.kiln.registry.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentProxiesTest {
  @ParameterizedTest
  @CsvSource({
    "https://registry-1.docker.io/v2/, secure:3128",
    "http://registry.example/v2/, plain:80",
    "https://inside.example/v2/, direct",
    "https://deep.inside.example/v2/, direct",
    "https://notinside.example/v2/, secure:3128",
    "https://exact.host:5000/v2/, direct",
    "https://exact.host:5001/v2/, secure:3128",
    "http://127.0.0.1:5000/v2/, direct",
    "http://localhost/v2/, direct",
  })
  void proxyIsChosenAsByOtherTools(String address, String expected) {
    EnvironmentProxies proxies =
        new EnvironmentProxies(
            Map.of(
                "HTTPS_PROXY", "http://secure:3128",
                "http_proxy", "plain",
                "NO_PROXY", "inside.example, exact.host:5000"));

    Proxy proxy = proxies.select(URI.create(address)).getFirst();

    String chosen =
        proxy.address() instanceof InetSocketAddress socket
            ? socket.getHostString() + ":" + socket.getPort()
            : "direct";
    assertThat(chosen).isEqualTo(expected);
  }
}
