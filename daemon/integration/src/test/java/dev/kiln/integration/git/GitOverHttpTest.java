package dev.kiln.integration.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.integration.Run;
import dev.kiln.integration.Workshop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Repositories behind HTTP servers that let in only who sends the token that the client has. */
@Timeout(120)
class GitOverHttpTest {
  private static final String TOKEN = "ghs_s3cret";
  private static final String BEARER = "Bearer hbr.s3cret";

  @TempDir static Path folder;
  private static Workshop shop;
  private static HttpGitServer byToken;
  private static HttpGitServer byHeader;
  private static Origin origin;

  @BeforeAll
  static void open() throws Exception {
    origin = Origin.create(folder, "origin");
    origin.commit("inner.txt", "inner");
    origin.push();
    String user = "x-access-token:" + TOKEN;
    String basic = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    byToken = HttpGitServer.open(folder, "basic " + basic);
    byHeader = HttpGitServer.open(folder, BEARER);
    shop = Workshop.open(folder);
  }

  @AfterAll
  static void close() throws Exception {
    if (byToken != null) {
      byToken.close();
    }
    if (byHeader != null) {
      byHeader.close();
    }
    if (shop != null) {
      shop.close();
    }
  }

  private static Run add(HttpGitServer server, Path out, String... secrets) throws Exception {
    Path context = shop.context("FROM scratch\nADD " + server.url(origin) + " /\n");
    String[] options = new String[secrets.length / 2 + 1];
    for (int i = 0; i < secrets.length; i += 2) {
      Path value = Files.writeString(shop.fresh("secret"), secrets[i + 1]);
      options[i / 2] = "--secret=id=" + secrets[i] + ",src=" + value;
    }
    options[options.length - 1] = "--output=type=local,dest=" + out;
    return shop.buildctl(context, options);
  }

  private static void assertAdded(HttpGitServer server, String... secrets) throws Exception {
    Path out = shop.fresh("out");
    Run run = add(server, out, secrets).ok();
    assertThat(out.resolve("inner.txt")).hasContent("inner");
    assertThat(run.err()).doesNotContain("s3cret");
    assertThat(shop.kilnd().log()).doesNotContain("s3cret");
  }

  @Test
  void tokenOpensTheRepository() throws Exception {
    assertAdded(byToken, "GIT_AUTH_TOKEN", TOKEN);
  }

  @Test
  void headerOpensTheRepository() throws Exception {
    assertAdded(byHeader, "GIT_AUTH_HEADER", BEARER);
  }

  @Test
  void secretOfTheHostComesFirst() throws Exception {
    assertAdded(byToken, "GIT_AUTH_TOKEN", "other", "GIT_AUTH_TOKEN." + byToken.host(), TOKEN);
  }

  @Test
  void wrongAndMissingTokensAreRefused() throws Exception {
    String advice = "give the build a token with --secret id=GIT_AUTH_TOKEN";
    Path out = shop.fresh("out");
    assertThat(add(byToken, out, "GIT_AUTH_TOKEN", "other").failed())
        .contains("could not read Username", advice);
    assertThat(add(byToken, out).failed()).contains("could not read Username", advice);
  }
}
