package dev.kiln.integration.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.integration.RegistryProcess;
import dev.kiln.integration.Run;
import dev.kiln.integration.Tools;
import dev.kiln.integration.Workshop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Git's own protocol, and all that an address of a repository can ask for. */
@Timeout(120)
class GitDaemonTest {
  private static final String NO_COMMIT = "0123456789012345678901234567890123456789";

  @TempDir static Path folder;
  private static Workshop shop;
  private static Served server;
  private static String host;
  private static String first;
  private static String second;

  @BeforeAll
  static void open() throws Exception {
    int port = RegistryProcess.freePort();
    host = "127.0.0.1:" + port;
    Path served = Files.createDirectory(folder.resolve("served"));
    Origin library = Origin.create(served, "library");
    library.commit("lib.txt", "library");
    library.push();
    Origin origin = Origin.create(served, "origin");
    origin.submodule(library, "third", "git://" + host + "/library.git");
    first = origin.commit("sub/inner.txt", "one");
    origin.git("tag", "-a", "v1", "-m", "the first");
    second = origin.commit("sub/inner.txt", "two");
    origin.push();
    server =
        Served.start(
            folder.resolve("git-daemon.log"),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            List.of(
                Tools.require("git"),
                "daemon",
                "--export-all",
                "--reuseaddr",
                "--listen=127.0.0.1",
                "--port=" + port,
                "--base-path=" + served,
                served.toString()));
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

  /** Builds {@code ADD} of the repository; {@code what} is what stands behind its URL. */
  private static Run run(String options, String what, Path out) throws Exception {
    String dockerfile = "FROM scratch\nADD " + options + " git://" + host + "/origin.git" + what;
    return shop.buildctl(shop.context(dockerfile + " /\n"), "--output=type=local,dest=" + out);
  }

  private static Path added(String what) throws Exception {
    Path out = shop.fresh("out");
    run("", what, out).ok();
    return out;
  }

  private static String refused(String what) throws Exception {
    return run("", what, shop.fresh("out")).failed();
  }

  @Test
  void defaultBranchComesWithItsSubmodules() throws Exception {
    Path out = added("");
    assertThat(out.resolve("sub/inner.txt")).hasContent("two");
    assertThat(out.resolve("third/lib.txt")).hasContent("library");
    assertThat(out.resolve(".git")).doesNotExist();
  }

  @Test
  void submodulesCanBeLeftOut() throws Exception {
    Path out = added("?submodules=false");
    assertThat(out.resolve("sub/inner.txt")).hasContent("two");
    assertThat(out.resolve("third")).isEmptyDirectory();
  }

  @Test
  void annotatedTagWithSubfolder() throws Exception {
    assertThat(added("#v1:sub").resolve("inner.txt")).hasContent("one");
  }

  @Test
  void queryNamesTagFolderAndCommit() throws Exception {
    Path out = added("?tag=v1&subdir=sub&checksum=" + first);
    assertThat(out.resolve("inner.txt")).hasContent("one");
  }

  @Test
  void commitIsFetchedByItsHash() throws Exception {
    assertThat(added("#" + first).resolve("sub/inner.txt")).hasContent("one");
    assertThat(added("?branch=main&commit=" + second).resolve("sub/inner.txt")).hasContent("two");
  }

  @Test
  void keptRepositoryKnowsItsCommitAndItsOrigin() throws Exception {
    Path out = shop.fresh("out");
    run("--keep-git-dir=true", "#v1", out).ok();
    String safe = "safe.directory=" + out;
    Run head = Run.of("git", "-c", safe, "-C", out.toString(), "rev-parse", "HEAD").ok();
    assertThat(head.output().strip()).isEqualTo(first);
    assertThat(out.resolve(".git/config")).content().contains("git://" + host + "/origin.git");
  }

  @Test
  void wrongCommitIsNamedTogetherWithTheWantedOne() throws Exception {
    assertThat(refused("?tag=v1&checksum=" + NO_COMMIT))
        .contains("expected checksum to match " + NO_COMMIT + ", got ")
        .contains(" or " + first);
    assertThat(refused("?branch=main&checksum=" + first))
        .contains("expected checksum to match " + first + ", got " + second);
  }

  @Test
  void whatTheRepositoryLacksIsNamed() throws Exception {
    assertThat(refused("#nowhere")).contains("repository does not contain ref nowhere");
    assertThat(refused("#" + NO_COMMIT)).contains(NO_COMMIT);
    assertThat(refused("#main:nowhere")).contains("invalid subdir nowhere");
    assertThat(refused("?tag=v1&folder=sub")).contains("unexpected query \"folder\"");
  }
}
