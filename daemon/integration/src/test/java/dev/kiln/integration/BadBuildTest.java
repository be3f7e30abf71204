package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds that cannot work: what the user is told. */
@Timeout(180)
class BadBuildTest {
  @TempDir static Path folder;
  private static Workshop shop;

  @BeforeAll
  static void open() throws Exception {
    shop = Workshop.open(folder);
  }

  @AfterAll
  static void close() throws Exception {
    if (shop != null) {
      shop.close();
    }
  }

  /** Builds a Dockerfile that must fail; gives what the client printed. */
  private static String fail(String dockerfile, String... more)
      throws IOException, InterruptedException {
    return shop.buildctl(shop.context(dockerfile), more).failed();
  }

  private static String lastLine(String text) {
    return text.strip().lines().reduce("", (before, line) -> line);
  }

  @Test
  void syntaxErrorNamesFileAndLineWithAnExcerpt() throws Exception {
    String said = fail("FROM BASE\nRUN true\nCOPY --chown a b\n");
    assertThat(said)
        .contains("Dockerfile:3\n")
        .contains("   2 |     RUN true\n   3 | >>> COPY --chown a b\n");
    assertThat(lastLine(said)).contains("missing a value on flag: --chown");
  }

  @Test
  void unfinishedHereDocumentNamesItsLine() throws Exception {
    String said = fail("FROM BASE\nRUN <<EOF\necho never ended\n");
    assertThat(said).contains("Dockerfile:2\n").contains(">>> RUN <<EOF\n");
    assertThat(lastLine(said)).isEqualTo("error: failed to solve: unterminated heredoc");
  }

  @Test
  void unknownInstructionNamesTheNearest() throws Exception {
    String said = fail("FROM BASE\nRUM echo hi\n");
    assertThat(said).contains("Dockerfile:2\n").contains("   2 | >>> RUM echo hi\n");
    assertThat(lastLine(said))
        .endsWith("dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)");
  }

  @Test
  void missingCopySourceIsNamed() throws Exception {
    String said = fail("FROM BASE\nCOPY nowhere.txt /x\n");
    assertThat(said).contains("Dockerfile:2\n").contains(">>> COPY nowhere.txt /x\n");
    assertThat(lastLine(said))
        .contains("failed to calculate checksum of ref")
        .endsWith("\"/nowhere.txt\": not found");
  }

  @Test
  void failingRunShowsItsCommandExitCodeAndLastLines() throws Exception {
    String said = fail("FROM BASE\nRUN for i in $(seq 1 30); do echo line-$i; done; exit 7\n");
    assertThat(said)
        .contains("line-21\n")
        .contains("line-30\n")
        .contains("   2 | >>> RUN for i in $(seq 1 30)");
    assertThat(lastLine(said))
        .isEqualTo(
            "error: failed to solve: process \"/bin/sh -c for i in $(seq 1 30); do echo line-$i;"
                + " done; exit 7\" did not complete successfully: exit code: 7");
  }

  @Test
  void programThatIsMissingIsNamed() throws Exception {
    String said = fail("FROM BASE\nRUN [\"/no-such-program\"]\n");
    assertThat(said).contains("exec: \"/no-such-program\": stat /no-such-program: no such file");
  }

  @Test
  void unknownUserIsNamed() throws Exception {
    String said = fail("FROM BASE\nUSER nobody-here\nRUN true\n");
    assertThat(lastLine(said)).contains("unable to find user nobody-here: no matching entries");
  }

  @Test
  void missingTagNamesTheHostThatWasAsked() throws Exception {
    String said = fail("FROM " + shop.image("busybox:no-such-tag") + "\nRUN true\n");
    assertThat(said).contains("Dockerfile:1\n");
    assertThat(lastLine(said))
        .contains("failed to resolve source metadata for " + shop.image("busybox:no-such-tag"))
        .contains(shop.registry().host() + " answered 404 Not Found")
        .endsWith("not found");
  }

  @Test
  void unreachableRegistryIsNamedWithTheCause() throws Exception {
    String host = "127.0.0.1:" + RegistryProcess.freePort();
    String said = fail("FROM " + host + "/some/thing:1\n");
    assertThat(lastLine(said)).contains(host + " could not be reached (connection refused)");

    said = fail("FROM registry.invalid/some/thing:1\n");
    assertThat(lastLine(said)).contains("registry.invalid could not be reached");
  }

  @Test
  void pushToAnUnreachableRegistrySaysWhere() throws Exception {
    String host = "127.0.0.1:" + RegistryProcess.freePort();
    String said = fail("FROM BASE\n", "--output=type=image,name=" + host + "/x:1,push=true");
    assertThat(lastLine(said))
        .contains("failed to push " + host + "/x:1")
        .contains(host + " could not be reached (connection refused)");
  }

  @Test
  void refusedCredentialsAreCalledThat() throws Exception {
    Path users = Files.createDirectories(shop.fresh("users")).resolve("htpasswd");
    Files.writeString(
        users, Run.of(Tools.require("htpasswd"), "-Bbn", "kiln", "right").ok().output());
    try (RegistryProcess secured = RegistryProcess.secured(shop.fresh("secured"), users)) {
      logIn(secured, "kiln:wrong");
      String name = secured.host() + "/x:1";
      String said = fail("FROM BASE\n", "--output=type=image,name=" + name + ",push=true");
      assertThat(lastLine(said)).contains(secured.host()).contains("401 Unauthorized");
      said = fail("FROM " + name + "\n");
      assertThat(lastLine(said)).contains(secured.host()).contains("401 Unauthorized");

      logIn(secured, "kiln:right");
      shop.buildctl(shop.context("FROM BASE\n"), "--output=type=image,name=" + name + ",push=true")
          .ok();
    }
  }

  /** Writes the client's credentials where the client looks for them. */
  private static void logIn(RegistryProcess registry, String credentials) throws IOException {
    Path config = Files.createDirectories(Path.of(shop.environment().get("DOCKER_CONFIG")));
    String encoded =
        Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        config.resolve("config.json"),
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry.host(), encoded));
  }

  @Test
  void unknownTargetNamesTheNearest() throws Exception {
    String said = fail("FROM BASE AS final\nRUN true\n", "--opt=target=finel");
    assertThat(lastLine(said))
        .endsWith("target stage \"finel\" could not be found (did you mean final?)");
  }

  @Test
  void stagesInACircleAreNamed() throws Exception {
    String said =
        fail("FROM BASE AS a\nCOPY --from=b /x /x\nFROM BASE AS b\nCOPY --from=a /x /x\n");
    assertThat(lastLine(said)).endsWith("circular dependency detected on stage: a");
  }

  @Test
  void unknownExporterIsNamed() throws Exception {
    assertThat(lastLine(fail("FROM BASE\n", "--output=type=bogus")))
        .endsWith("exporter \"bogus\" could not be found");
  }

  @Test
  void aFailedBuildLeavesNothingMountedAndTheNextOneWorks() throws Exception {
    fail("FROM BASE\nRUN echo a > /a\nRUN false\n");
    // The runtime that waits for a next container does so for two seconds.
    Await.until(
        Duration.ofSeconds(20), "no program is left", () -> shop.kilnd().programs().isEmpty());
    Path out = shop.fresh("out");
    shop.buildctl(
            shop.context("FROM BASE\nRUN echo a > /a\nRUN cat /a\n"),
            "--output=type=local,dest=" + out)
        .ok();
    assertThat(out.resolve("a")).hasContent("a");
  }
}
