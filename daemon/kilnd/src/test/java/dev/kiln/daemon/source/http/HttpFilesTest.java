package dev.kiln.daemon.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kiln.daemon.source.ResolvedSources;
import dev.kiln.daemon.source.TestingRefs;
import dev.kiln.daemon.source.signature.TestingPgp;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPSignature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on the loopback interface. */
final class HttpFilesTest {
  @TempDir Path dir;
  private TestingRefs refs;
  private HttpFiles files;
  private HttpServer server;
  private volatile String tag = "\"one\"";
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpFiles.Asker asker = new HttpFiles.Asker(List.of(), List::of);

  @BeforeEach
  void open() throws IOException {
    refs = new TestingRefs(dir);
    files =
        new HttpFiles(refs.store(), new SessionRegistry(), new ResolvedSources(), refs.mounts());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void close() throws IOException {
    server.stop(0);
    refs.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod());
    byte[] body = ("content " + tag).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("ETag", tag);
    exchange.getResponseHeaders().add("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    boolean gone = exchange.getRequestURI().getPath().equals("/gone");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(gone ? 404 : 200, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private HttpOptions options(String path, String... attrs) throws IOException {
    SourceOp.Builder source = SourceOp.newBuilder();
    for (int i = 0; i < attrs.length; i += 2) {
      source.putAttrs(attrs[i], attrs[i + 1]);
    }
    return HttpOptions.read(
        "http", "127.0.0.1:" + server.getAddress().getPort() + path, source.build());
  }

  @Test
  void unchangedFileIsNotDownloadedAgain() throws Exception {
    HttpContent first = files.resolve(options("/file.txt"), asker);
    HttpContent second = files.resolve(options("/file.txt"), asker);
    assertThat(second).isEqualTo(first);
    assertThat(requests).containsExactly("GET", "HEAD");
    assertThat(first.filename()).isEqualTo("file.txt");
    assertThat(first.lastModified()).isEqualTo(Instant.parse("1994-11-06T08:49:37Z"));
  }

  @Test
  void changedFileIsDownloadedAgain() throws Exception {
    HttpContent first = files.resolve(options("/file.txt"), asker);
    tag = "\"two\"";
    HttpContent second = files.resolve(options("/file.txt"), asker);
    assertThat(second.digest()).isNotEqualTo(first.digest());
    assertThat(requests).containsExactly("GET", "HEAD", "GET");
  }

  @Test
  void fileHasWantedNameInItsTree() throws Exception {
    HttpOptions options = options("/file.txt", "http.filename", "other");
    try (ImmutableRef tree = files.tree(options, files.resolve(options, asker), asker)) {
      assertThat(refs.list(tree)).containsExactly("other");
      assertThat(refs.read(tree, "other")).isEqualTo("content \"one\"");
    }
  }

  @Test
  void errorOfTheServerIsTold() throws Exception {
    HttpOptions options = options("/gone");
    assertThatThrownBy(() -> files.resolve(options, asker))
        .hasMessageMatching("could not fetch http://.*/gone: invalid response status 404");
  }

  @Test
  void refusedConnectionIsCalledSo() throws Exception {
    HttpOptions options = options("/file.txt");
    server.stop(0);
    assertThatThrownBy(() -> files.resolve(options, asker))
        .hasMessageMatching("could not get http://.*/file.txt: .*(?i:connect|refused).*")
        .hasMessageNotContaining("Exception");
  }

  @Test
  void contentWithOtherDigestIsRefused() throws Exception {
    HttpOptions options = options("/file.txt", "http.checksum", "sha256:" + "0".repeat(64));
    assertThatThrownBy(() -> files.resolve(options, asker)).hasMessageContaining("digest mismatch");
  }

  @Test
  void fileIsWhatWasSigned() throws Exception {
    PGPKeyPair key = TestingPgp.key();
    byte[] body = "content \"one\"".getBytes(StandardCharsets.UTF_8);
    String signature = TestingPgp.sign(body, key, PGPSignature.BINARY_DOCUMENT);
    String keys = TestingPgp.armored(TestingPgp.ring(key, KeyFlags.SIGN_DATA));
    HttpOptions options =
        options("/file.txt", "http.sig.pubkey", keys, "http.sig.signature", signature);
    assertThat(files.find(options, asker).filename()).isEqualTo("file.txt");
    tag = "\"two\"";
    assertThatThrownBy(() -> files.find(options, asker))
        .hasMessageContaining("failed to verify pgp signature: signature by");
  }

  @Test
  void keyWithoutSignatureIsRefused() {
    assertThatThrownBy(() -> options("/file.txt", "http.sig.pubkey", "a key"))
        .hasMessageContaining("requires both pubkey and signature");
  }

  @Test
  void oddDatesAreRead() {
    assertThat(HttpDates.parse("Sunday, 06-Nov-94 08:49:37 GMT"))
        .isEqualTo(Instant.parse("1994-11-06T08:49:37Z"));
    assertThat(HttpDates.parse("Sun Nov  6 08:49:37 1994"))
        .isEqualTo(Instant.parse("1994-11-06T08:49:37Z"));
    assertThat(HttpDates.parse("yesterday")).isNull();
  }

  @Test
  void nameComesFromTheServerOrTheAddress() {
    assertThat(HttpUrls.filename("http://h/a%20b?q=1", "", null)).isEqualTo("a b");
    assertThat(HttpUrls.filename("http://h/", "", null)).isEqualTo("download");
    assertThat(HttpUrls.filename("http://h/x", "", "attachment; filename=\"../y\"")).isEqualTo("y");
  }
}
