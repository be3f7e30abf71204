package dev.kiln.integration.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.integration.Workshop;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds that take only what somebody has signed. */
@Timeout(120)
class GitSignatureTest {
  @TempDir static Path folder;
  private static Workshop shop;
  private static HttpGitServer server;
  private static Origin origin;
  private static String ours;
  private static String others;

  @BeforeAll
  static void open() throws Exception {
    Path key = SshServer.key(folder.resolve("signer"));
    ours = Files.readString(folder.resolve("signer.pub"));
    SshServer.key(folder.resolve("other"));
    others = Files.readString(folder.resolve("other.pub"));
    origin = Origin.create(folder, "origin");
    origin.commit("inner.txt", "nobody's");
    origin.git("branch", "unsigned");
    origin.git("tag", "-a", "-m", "a release", "v0");
    origin.git("config", "gpg.format", "ssh");
    origin.git("config", "user.signingkey", key.toString());
    origin.git("tag", "-s", "-m", "a signed release", "v1");
    origin.git("config", "commit.gpgsign", "true");
    origin.commit("inner.txt", "ours");
    origin.push();
    origin.git("push", "-q", "origin", "unsigned");
    server = HttpGitServer.open(folder, "");
    shop = Workshop.open(folder);
  }

  @AfterAll
  static void close() throws Exception {
    if (server != null) {
      server.close();
    }
    if (shop != null) {
      shop.close();
    }
  }

  private static GitRequest request(String ref, String key) {
    return GitRequest.of(server.url(origin), ref).with("git.sig.pubkey", key);
  }

  private static void assertBuilt(GitRequest request, String content) throws Exception {
    Path out = shop.fresh("out");
    request.build(shop, out).ok();
    assertThat(out.resolve("inner.txt")).hasContent(content);
  }

  private static String refused(GitRequest request) throws Exception {
    return request.build(shop, shop.fresh("out")).failed();
  }

  @Test
  void signedCommitIsBuiltForWhoHasTheKey() throws Exception {
    assertBuilt(request("main", ours), "ours");
    assertThat(refused(request("main", others)))
        .contains("could not verify the signature of " + server.url(origin) + "#refs/heads/main")
        .contains("failed to verify ssh signature: it was made by another key, SHA256:");
  }

  @Test
  void signedTagIsEnough() throws Exception {
    assertBuilt(request("v1", ours).with("git.sig.requiresignedtag", "true"), "nobody's");
    assertThat(refused(request("v1", ours).with("git.sig.ignoresignedtag", "true")))
        .contains("git object is not signed");
  }

  @Test
  void whatNobodySignedIsRefusedEvenIfItIsInTheCache() throws Exception {
    assertBuilt(GitRequest.of(server.url(origin), "unsigned"), "nobody's");
    assertThat(refused(request("unsigned", ours))).contains("git object is not signed");
    assertThat(refused(request("v0", ours))).contains("git object is not signed");
  }
}
