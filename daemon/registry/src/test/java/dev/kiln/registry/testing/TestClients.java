package dev.kiln.registry.testing;

import dev.kiln.registry.auth.CredentialSource;
import dev.kiln.registry.auth.Credentials;
import dev.kiln.registry.client.RegistryClient;
import dev.kiln.registry.client.RetryPolicy;
import dev.kiln.registry.host.HostSettings;
import dev.kiln.registry.host.RegistryConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Registry clients that do not wait. */
public final class TestClients {
  private TestClients() {}

  /** A policy that writes its waits down instead of waiting. */
  public static RetryPolicy impatient(List<Duration> waits) {
    return new RetryPolicy(
        4,
        Duration.ofMillis(100),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        waits::add,
        Clock.systemUTC());
  }

  public static RegistryClient client() {
    return client(Map.of(), new CopyOnWriteArrayList<>());
  }

  public static RegistryClient client(Map<String, HostSettings> hosts, List<Duration> waits) {
    return new RegistryClient(new RegistryConfig(hosts, 4), "kiln-test", impatient(waits));
  }

  public static HostSettings mirrors(String... mirrors) {
    return new HostSettings(
        List.of(mirrors), Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());
  }

  public static CredentialSource user(String name, String password) {
    return host -> new Credentials(name, password);
  }
}
