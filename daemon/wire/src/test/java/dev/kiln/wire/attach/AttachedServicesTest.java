package dev.kiln.wire.attach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.wire.blobs.BlobDirectory;
import dev.kiln.wire.session.ContentStoreClient;
import dev.kiln.wire.session.ForwardedSocket;
import dev.kiln.wire.session.RemoteAuth;
import dev.kiln.wire.session.RemoteSsh;
import dev.kiln.wire.testing.TestDaemon;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AttachedServicesTest {
  @TempDir Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon = new TestDaemon(folder);
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  @Test
  void blobsGoIntoAStoreAndComeOut() throws IOException {
    byte[] blob = new byte[5 << 20];
    new Random(3).nextBytes(blob);
    Digest digest = Digest.of(blob);
    Path cache = folder.resolve("cache");
    var pair =
        daemon.open(AttachedContent.service(Map.of("local:" + cache, new BlobDirectory(cache))));
    var store = ContentStoreClient.of(pair.session(), "local:" + cache);

    assertThat(store.info(digest)).isEmpty();
    try (var writer = store.write("ref", digest, blob.length)) {
      assertThat(writer.isPresent()).isFalse();
      writer.write(blob, 0, blob.length);
      writer.commit(Map.of());
    }
    assertThat(cache.resolve("blobs/sha256").resolve(digest.hex())).hasBinaryContent(blob);
    assertThat(store.info(digest).orElseThrow().getSize()).isEqualTo(blob.length);
    assertThat(store.readAll(digest, blob.length)).isEqualTo(blob);
    try (InputStream in = store.read(digest, 10, 20)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(blob, 10, 30));
    }
    try (var writer = store.write("again", digest, blob.length)) {
      assertThat(writer.isPresent()).isTrue();
      writer.commit(Map.of());
    }
  }

  @Test
  void wrongBytesAreNotTaken() throws IOException {
    Digest digest = Digest.of("right".getBytes(UTF_8));
    Path cache = folder.resolve("cache");
    var pair = daemon.open(AttachedContent.service(Map.of("export", new BlobDirectory(cache))));
    var store = ContentStoreClient.of(pair.session(), "export");

    try (var writer = store.write("ref", digest, 5)) {
      writer.write("wrong".getBytes(UTF_8), 0, 5);
      assertThatThrownBy(() -> writer.commit(Map.of())).isInstanceOf(IOException.class);
    }
    assertThat(store.info(digest)).isEmpty();
    var unknown = ContentStoreClient.of(pair.session(), "oci:other");
    assertThat(unknown.info(digest)).isEmpty();
  }

  @Test
  void agentMayListKeysButNotAddThem() throws Exception {
    Path agentPath = folder.resolve("agent.sock");
    try (var agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      agent.bind(UnixDomainSocketAddress.of(agentPath));
      Thread.ofVirtual().start(() -> answerOnce(agent));
      var pair =
          daemon.open(
              AttachedSsh.service(Map.of("default", new AttachedSsh.Agent(agentPath, false))));
      RemoteSsh ssh = new RemoteSsh(pair.session());
      ssh.check("default");
      assertThatThrownBy(() -> ssh.check("other"))
          .hasMessageContaining("unset ssh forward key other");

      try (var socket =
              ForwardedSocket.open(
                  folder, 0, 0, 0600, connection -> ssh.forward("default", connection));
          var client = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()))) {
        byte[] add = {0, 0, 0, 2, 17, 1};
        byte[] list = {0, 0, 0, 1, 11};
        client.write(ByteBuffer.wrap(add));
        client.write(ByteBuffer.wrap(list));
        client.shutdownOutput();
        byte[] answers = Channels.newInputStream(client).readAllBytes();
        assertThat(answers).containsExactly(0, 0, 0, 1, 5, 0, 0, 0, 2, 12, 9);
      }
    }
  }

  private static void answerOnce(ServerSocketChannel agent) {
    try (SocketChannel connection = agent.accept()) {
      byte[] request = Channels.newInputStream(connection).readNBytes(5);
      if (request[4] == 11) {
        connection.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 2, 12, 9}));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void rawSocketsCarryAnything() throws Exception {
    Path path = folder.resolve("raw.sock");
    byte[] body = new byte[3 << 20];
    new Random(5).nextBytes(body);
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path));
      CompletableFuture<byte[]> got = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> echoSize(listener, got));
      var pair = daemon.open(AttachedSsh.service(Map.of("raw", new AttachedSsh.Agent(path, true))));
      RemoteSsh ssh = new RemoteSsh(pair.session());
      try (var socket =
              ForwardedSocket.open(
                  folder, 0, 0, 0600, connection -> ssh.forward("raw", connection));
          var client = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()))) {
        ByteBuffer rest = ByteBuffer.wrap(body);
        while (rest.hasRemaining()) {
          client.write(rest);
        }
        client.shutdownOutput();
        assertThat(Channels.newInputStream(client).readAllBytes())
            .isEqualTo(Integer.toString(body.length).getBytes(UTF_8));
        assertThat(got.get()).isEqualTo(body);
      }
    }
  }

  private static void echoSize(ServerSocketChannel listener, CompletableFuture<byte[]> got) {
    try (SocketChannel connection = listener.accept()) {
      byte[] all = Channels.newInputStream(connection).readAllBytes();
      got.complete(all);
      connection.write(ByteBuffer.wrap(Integer.toString(all.length).getBytes(UTF_8)));
    } catch (IOException e) {
      got.completeExceptionally(e);
    }
  }

  @Test
  void tokensAreFetchedHere() throws Exception {
    HttpServer tokens =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tokens.createContext(
        "/token",
        exchange -> {
          boolean post = exchange.getRequestMethod().equals("POST");
          String query = String.valueOf(exchange.getRequestURI().getQuery());
          byte[] answer = ("{\"token\":\"T:" + query + "\"}").getBytes(UTF_8);
          exchange.sendResponseHeaders(post ? 404 : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    tokens.start();
    try {
      Files.writeString(
          folder.resolve("config.json"),
          "{\"auths\":{\"r.example.com\":{\"username\":\"u\",\"password\":\"p\"}}}");
      var pair = daemon.open(AttachedAuth.service(new DockerConfig(folder)));
      RemoteAuth auth = new RemoteAuth(pair.session());
      String realm = "http://127.0.0.1:" + tokens.getAddress().getPort() + "/token";

      assertThat(auth.credentials("r.example.com")).contains(new RemoteAuth.Credentials("u", "p"));
      var token = auth.fetchToken("r.example.com", realm, "s", List.of("repository:a:pull"));
      assertThat(token.orElseThrow().getToken()).isEqualTo("T:service=s&scope=repository:a:pull");
      assertThat(token.orElseThrow().getExpiresIn()).isEqualTo(60);
      byte[] salt = new byte[32];
      assertThat(auth.tokenAuthority("r.example.com", salt).orElseThrow()).hasSize(32);
      assertThat(auth.signed("r.example.com", salt, new byte[32]).orElseThrow()).hasSize(96);
      assertThat(new RemoteAuth(daemon.open().session()).credentials("x")).isEmpty();
    } finally {
      tokens.stop(0);
    }
  }
}
