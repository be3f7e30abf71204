package dev.kiln.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.registry.auth.CredentialSource;
import dev.kiln.registry.failure.NotFoundException;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.testing.FakeRegistry;
import dev.kiln.registry.testing.TestClients;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MirrorTest {
  private static final String INDEX = "{\"schemaVersion\":2,\"manifests\":[]}";

  private FakeRegistry first;
  private FakeRegistry second;
  private FakeRegistry origin;

  @BeforeEach
  void start() throws IOException {
    first = new FakeRegistry();
    second = new FakeRegistry();
    origin = new FakeRegistry();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    origin.close();
  }

  private RegistryClient client() {
    return TestClients.client(
        Map.of(origin.host(), TestClients.mirrors(first.host(), second.host() + "/cache")),
        new CopyOnWriteArrayList<>());
  }

  private Repository open(RegistryClient client, RepositoryOptions options) {
    return client.open(reference(), CredentialSource.anonymous(), options);
  }

  private ImageReference reference() {
    return ImageReference.parse(origin.host() + "/library/a:1");
  }

  @Test
  void mirrorsAreAskedInOrderAndTheAnsweringOneIsNamed() throws Exception {
    second.putManifest("cache/library/a", "1", MediaTypes.OCI_INDEX, INDEX);
    try (RegistryClient client = client()) {
      assertThat(open(client, RepositoryOptions.PULL).resolve(reference()).host())
          .isEqualTo(second.host());
    }
    assertThat(first.lines()).containsExactly("HEAD /v2/library/a/manifests/1?ns=" + origin.host());
    assertThat(second.lines())
        .containsExactly("HEAD /v2/cache/library/a/manifests/1?ns=" + origin.host());
    assertThat(origin.lines()).isEmpty();
  }

  @Test
  void registryItselfAnswersWhenMirrorsCannot() throws Exception {
    first.close();
    origin.putManifest("library/a", "1", MediaTypes.OCI_INDEX, INDEX);
    try (RegistryClient client = client()) {
      assertThat(open(client, RepositoryOptions.PULL).resolve(reference()).host())
          .isEqualTo(origin.host());
    }
    assertThat(origin.lines()).containsExactly("HEAD /v2/library/a/manifests/1");
  }

  @Test
  void weightiestFailureIsReportedWithEveryAnswer() {
    first.close();
    origin.close();
    try (RegistryClient client = client()) {
      assertThatThrownBy(() -> open(client, RepositoryOptions.PULL).resolve(reference()))
          .isInstanceOf(NotFoundException.class)
          .hasMessageStartingWith(
              "could not resolve " + reference() + ": " + first.host() + " could not be reached")
          .hasMessageContaining("; " + second.host() + " answered 404 Not Found; " + origin.host())
          .hasMessageEndingWith(": " + reference() + ": not found");
    }
  }

  @Test
  void nothingIsPushedToMirrors() throws Exception {
    try (RegistryClient client = client()) {
      open(client, RepositoryOptions.PUSH)
          .pushManifest(
              "1", MediaTypes.OCI_INDEX, INDEX.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    assertThat(first.seen).isEmpty();
    assertThat(origin.hasManifest("library/a", "1")).isTrue();
  }
}
