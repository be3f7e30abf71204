package dev.kiln.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.registry.auth.CredentialSource;
import dev.kiln.registry.failure.RegistryException;
import dev.kiln.registry.failure.UnauthorizedException;
import dev.kiln.registry.failure.UnreachableException;
import dev.kiln.registry.host.HostSettings;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.testing.DebianRegistry;
import dev.kiln.registry.testing.TestCertificates;
import dev.kiln.registry.testing.TestClients;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against docker-registry: what its HTTP, its TLS and its passwords are really like. */
class RealRegistryTest {
  /** User "kiln", password "secret". */
  private static final String HTPASSWD =
      "kiln:$2y$05$09BQQJNwJVIXNmOLH6WPDeZ5XOHWKdNcDoEm2OuHxOLfb4bOqblq.\n";

  @TempDir Path directory;

  private static HostSettings settings(
      boolean insecure, List<Path> authorities, List<Path> directories) {
    Optional<Boolean> flag = insecure ? Optional.of(true) : Optional.empty();
    return new HostSettings(
        List.of(), Optional.of(false), flag, authorities, directories, List.of());
  }

  private static RegistryClient client(String host, HostSettings settings) {
    return TestClients.client(Map.of(host, settings), new CopyOnWriteArrayList<>());
  }

  /** Pushes a blob and reads it back. */
  private static void roundTrip(
      RegistryClient client, String host, CredentialSource source, RepositoryOptions options)
      throws IOException {
    byte[] content = new byte[400_000];
    new Random(3).nextBytes(content);
    Descriptor blob = new Descriptor("l", Digest.of(content), content.length);
    Repository repository = client.open(ImageReference.parse(host + "/a/b"), source, options);

    PushOutcome outcome =
        repository.pushBlob(
            blob, () -> new ByteArrayInputStream(content), List.of(), TransferProgress.NONE);

    assertThat(outcome).isEqualTo(PushOutcome.UPLOADED);
    try (InputStream in = repository.blob(blob, TransferProgress.NONE)) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    assertThat(repository.findBlob(blob.digest()).orElseThrow().size()).isEqualTo(content.length);
    assertThat(repository.findBlob(Digest.of(new byte[1]))).isEmpty();
  }

  @Test
  void loopbackSpeaksPlainHttp() throws Exception {
    try (DebianRegistry registry = DebianRegistry.plain(directory);
        RegistryClient client = TestClients.client()) {
      roundTrip(client, registry.host(), CredentialSource.anonymous(), RepositoryOptions.PUSH);
    }
  }

  @Test
  void insecureUsersReachPlainHttpBehindAFailingHandshake() throws Exception {
    try (DebianRegistry registry = DebianRegistry.plain(directory);
        RegistryClient client = TestClients.client()) {
      roundTrip(
          client,
          registry.host(),
          CredentialSource.anonymous(),
          RepositoryOptions.PUSH.insecure(true));
    }
  }

  @Test
  void insecureUsersAcceptAnyCertificate() throws Exception {
    TestCertificates.Pair server = new TestCertificates(directory, "ca").issue("server");
    try (DebianRegistry registry =
            DebianRegistry.tls(
                directory.resolve("r"), server.certificate(), server.key(), List.of());
        RegistryClient client = TestClients.client()) {
      roundTrip(
          client,
          registry.host(),
          CredentialSource.anonymous(),
          RepositoryOptions.PUSH.insecure(true));
    }
  }

  @Test
  void passwordsOverTlsWithAnAuthorityOfItsOwn() throws Exception {
    TestCertificates certificates = new TestCertificates(directory, "ca");
    Path authority = certificates.authority("ca.pem");
    TestCertificates.Pair server = certificates.issue("server");
    Path users = Files.writeString(directory.resolve("htpasswd"), HTPASSWD);
    try (DebianRegistry registry =
        DebianRegistry.secured(directory.resolve("r"), server.certificate(), server.key(), users)) {
      String host = registry.host();
      try (RegistryClient client = client(host, settings(false, List.of(authority), List.of()))) {
        roundTrip(client, host, TestClients.user("kiln", "secret"), RepositoryOptions.PUSH);

        assertThatThrownBy(
                () ->
                    roundTrip(
                        client, host, TestClients.user("kiln", "wrong"), RepositoryOptions.PUSH))
            .isInstanceOf(UnauthorizedException.class)
            .hasMessageEndingWith("the registry refused the credentials: authorization failed");
        assertThatThrownBy(
                () -> roundTrip(client, host, CredentialSource.anonymous(), RepositoryOptions.PUSH))
            .isInstanceOf(UnauthorizedException.class)
            .hasMessageEndingWith("no basic auth credentials: authorization failed");
      }
    }
  }

  @Test
  void changedAuthorityFileIsReadAgain() throws Exception {
    TestCertificates right = new TestCertificates(directory, "right");
    TestCertificates.Pair server = right.issue("server");
    Path trusted = new TestCertificates(directory, "wrong").authority("trusted.pem");
    try (DebianRegistry registry =
        DebianRegistry.tls(directory.resolve("r"), server.certificate(), server.key(), List.of())) {
      String host = registry.host();
      try (RegistryClient client = client(host, settings(false, List.of(trusted), List.of()))) {
        assertThatThrownBy(
                () -> roundTrip(client, host, CredentialSource.anonymous(), RepositoryOptions.PUSH))
            .isInstanceOf(UnreachableException.class)
            .hasMessageContaining("could not be reached");

        Files.move(right.authority("new.pem"), trusted, StandardCopyOption.REPLACE_EXISTING);
        roundTrip(client, host, CredentialSource.anonymous(), RepositoryOptions.PUSH);
      }
    }
  }

  @Test
  void clientCertificateFromATlsFolderIsPresented() throws Exception {
    TestCertificates certificates = new TestCertificates(directory, "ca");
    Path authority = certificates.authority("ca.pem");
    TestCertificates.Pair server = certificates.issue("server");
    Path folder = Files.createDirectory(directory.resolve("certs.d"));
    try (DebianRegistry registry =
        DebianRegistry.tls(
            directory.resolve("r"), server.certificate(), server.key(), List.of(authority))) {
      String host = registry.host();
      Files.copy(authority, folder.resolve("ca.crt"));
      try (RegistryClient client = client(host, settings(false, List.of(), List.of(folder)))) {
        assertThatThrownBy(
                () -> roundTrip(client, host, CredentialSource.anonymous(), RepositoryOptions.PUSH))
            .isInstanceOf(RegistryException.class);

        TestCertificates.Pair mine = certificates.issue("client");
        Files.copy(mine.certificate(), folder.resolve("client.cert"));
        Files.copy(mine.key(), folder.resolve("client.key"));
        roundTrip(client, host, CredentialSource.anonymous(), RepositoryOptions.PUSH);
      }
    }
  }
}
