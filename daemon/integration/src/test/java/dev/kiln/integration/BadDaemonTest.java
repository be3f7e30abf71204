package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Daemons that cannot start: what they say, and that they leave alone what others hold. */
@Timeout(180)
class BadDaemonTest {
  @TempDir Path folder;

  private Path other() throws Exception {
    return Files.createDirectory(folder.resolve("other"));
  }

  @Test
  void unreadableConfigurationNamesItsLine() throws Exception {
    String said =
        KilndProcess.startInVain(
            folder, folder.resolve("root"), "[worker.oci]\ngc = true\nmax-parallelism = = 4\n");
    assertThat(said)
        .isEqualTo(
            "kilnd: "
                + folder.resolve("buildkitd.toml")
                + ":3: Unexpected '=', expected a value\n");
  }

  @Test
  void wrongKindOfValueNamesItsLineAndKey() throws Exception {
    String said =
        KilndProcess.startInVain(
            folder, folder.resolve("root"), "[worker.oci]\nmax-parallelism = \"many\"\n");
    assertThat(said)
        .isEqualTo(
            "kilnd: "
                + folder.resolve("buildkitd.toml")
                + ":2: worker.oci.max-parallelism: expected a whole number\n");
  }

  @Test
  void addressInUseIsNamedAndStaysTheOthers() throws Exception {
    try (KilndProcess first = KilndProcess.start(folder)) {
      String said = KilndProcess.startInVain(folder, folder.resolve("root2"), "");
      assertThat(said).contains(folder.resolve("k.sock").toString()).contains("in use");
      Run.of(Tools.require("buildctl"), "--addr=" + first.address(), "debug", "workers").ok();
    }
  }

  @Test
  void rootFolderOfAnotherDaemonIsRefused() throws Exception {
    try (KilndProcess first = KilndProcess.start(folder)) {
      String said = KilndProcess.startInVain(other(), first.root(), "");
      assertThat(said)
          .contains(first.root().toString())
          .contains("another daemon uses this folder; stop it or choose another --root");
      Run.of(Tools.require("buildctl"), "--addr=" + first.address(), "debug", "workers").ok();
    }
  }

  @Test
  void socketLeftByAKilledDaemonIsTakenOver() throws Exception {
    KilndProcess killed = KilndProcess.start(folder);
    killed.kill();
    assertThat(folder.resolve("k.sock")).exists();
    try (KilndProcess next = KilndProcess.start(folder)) {
      Run.of(Tools.require("buildctl"), "--addr=" + next.address(), "debug", "workers").ok();
    }
  }

  @Test
  void startsThroughALinkWithAnotherName() throws Exception {
    Path link =
        Files.createSymbolicLink(folder.resolve("buildkitd"), KilndProcess.launcher("kilnd"));
    assertThat(Run.of(link.toString(), "--version").ok().output())
        .startsWith("buildkitd github.com/moby/buildkit ");
  }
}
