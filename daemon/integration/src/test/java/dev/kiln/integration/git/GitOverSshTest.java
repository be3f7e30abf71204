package dev.kiln.integration.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.integration.KilndProcess;
import dev.kiln.integration.Run;
import dev.kiln.integration.Workshop;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Repositories behind sshd, opened with keys that only the client has. */
@Timeout(120)
class GitOverSshTest {
  private static final String LOOPBACK = "127.42.0.22";

  @TempDir static Path folder;
  private static Workshop shop;
  private static SshServer server;
  private static Origin library;
  private static Origin origin;

  @BeforeAll
  static void open() throws Exception {
    server = SshServer.open(folder.resolve("sshd"));
    library = Origin.create(folder, "library");
    library.commit("lib.txt", "library");
    library.push();
    origin = Origin.create(folder, "origin");
    origin.commit("sub/inner.txt", "inner");
    origin.commit("Dockerfile", "FROM scratch\nCOPY sub /\n");
    origin.submodule(library, "third", server.url(library));
    origin.push();
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

  private static Run add(String address, Path out, String... more) throws Exception {
    String[] options = new String[more.length + 1];
    System.arraycopy(more, 0, options, 0, more.length);
    options[more.length] = "--output=type=local,dest=" + out;
    return shop.buildctl(shop.context("FROM scratch\nADD " + address + " /\n"), options);
  }

  private static String lend() {
    return "--ssh=default=" + server.userKey();
  }

  @Test
  void urlIsOpenedWithTheClientsAgentAndSoAreItsSubmodules() throws Exception {
    Path out = shop.fresh("out");
    try (SshAgent agent = SshAgent.open(folder, server.userKey())) {
      add(server.url(origin), out, "--ssh=default=" + agent.socket()).ok();
    }
    assertThat(out.resolve("sub/inner.txt")).hasContent("inner");
    assertThat(out.resolve("third/lib.txt")).hasContent("library");
  }

  @Test
  void contextCanBeARepository() throws Exception {
    Path out = shop.fresh("out");
    Path unused = shop.context("");
    shop.buildctl(
            unused,
            lend(),
            "--opt=context=" + server.url(origin) + "#main",
            "--output=type=local,dest=" + out)
        .ok();
    assertThat(out.resolve("inner.txt")).hasContent("inner");
  }

  @Test
  void kilnItselfLendsAKeyForAContext() throws Exception {
    Path out = shop.fresh("out");
    List<String> command =
        List.of(
            KilndProcess.launcher("kiln").toString(),
            "build",
            server.url(origin) + "#main",
            "--ssh=default=" + server.userKey(),
            "--output=" + out);
    Map<String, String> environment =
        Map.of("KILN_HOST", shop.kilnd().address(), "HOME", folder.toString());
    Run.of(environment, folder, command).ok();
    assertThat(out.resolve("inner.txt")).hasContent("inner");
  }

  @Test
  void addressInTheFormOfScpIsUnderstood() throws Exception {
    try (SshServer usual = SshServer.onUsualPort(folder.resolve("usual"), LOOPBACK)) {
      Path out = shop.fresh("out");
      String address = usual.scpAddress(library) + "#main";
      add(address, out, "--ssh=default=" + usual.userKey()).ok();
      assertThat(out.resolve("lib.txt")).hasContent("library");
    }
  }

  @Test
  void agentThatIsNotLentIsNamedWithTheWayToLendIt() throws Exception {
    String none = add(server.url(library), shop.fresh("out")).failed();
    assertThat(none)
        .contains("could not use the SSH agent \"default\"")
        .contains("no SSH key \"default\" forwarded from the client")
        .contains("--ssh default");
    Path out = shop.fresh("out");
    String other = add(server.url(library), out, "--ssh=other=" + server.userKey()).failed();
    assertThat(other).contains("could not use the SSH agent \"default\"").contains("--ssh default");
  }

  @Test
  void keyThatTheServerDoesNotKnowIsRefused() throws Exception {
    Path stranger = SshServer.key(folder.resolve("stranger"));
    String failed =
        add(server.url(library), shop.fresh("out"), "--ssh=default=" + stranger).failed();
    assertThat(failed).contains("Permission denied (publickey", "accepts no key of the SSH agent");
  }

  @Test
  void onlyKnownHostsAreTrustedWhenThereAreAny() throws Exception {
    GitRequest request = GitRequest.of(server.url(library)).with("git.mountsshsock", "default");
    GitRequest known = request.with("git.knownsshhosts", server.knownHosts());
    Path out = shop.fresh("out");
    known.build(shop, out, lend()).ok();
    assertThat(out.resolve("lib.txt")).hasContent("library");

    Path other = SshServer.key(folder.resolve("other-host"));
    String text = server.knownHosts(other.resolveSibling("other-host.pub"));
    // Another ref, since what is in the cache asks nobody.
    String failed =
        request
            .with("git.knownsshhosts", text)
            .with("git.keepgitdir", "true")
            .build(shop, shop.fresh("out"), lend())
            .failed();
    assertThat(failed).contains("Host key verification failed", "not among the known hosts");
  }
}
