package dev.kiln.registry.client;

import dev.kiln.registry.auth.CredentialSource;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.testing.FakeRegistry;
import dev.kiln.registry.testing.TestClients;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client and a registry in this process that it talks to. */
abstract class RepositoryFixture {
  static final String MANIFEST =
      "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"c\",\"digest\":\"sha256:"
          + "1".repeat(64)
          + "\",\"size\":2},\"layers\":[]}";

  final List<Duration> waits = new CopyOnWriteArrayList<>();
  FakeRegistry registry;
  RegistryClient client;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
    client = TestClients.client(Map.of(), waits);
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  final ImageReference reference(String text) {
    return ImageReference.parse(registry.host() + "/" + text);
  }

  final Repository pull(String name) {
    return client.open(reference(name), CredentialSource.anonymous(), RepositoryOptions.PULL);
  }

  final Repository push(String name) {
    return client.open(reference(name), CredentialSource.anonymous(), RepositoryOptions.PUSH);
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  static byte[] readAll(InputStream in) throws IOException {
    try (in) {
      return in.readAllBytes();
    }
  }
}
