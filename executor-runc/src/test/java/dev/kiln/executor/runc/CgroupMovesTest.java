package dev.kiln.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupMovesTest {
  @TempDir Path temp;
  private CgroupMoves moves;

  @BeforeEach
  void mounts() throws IOException {
    Files.createDirectories(temp.resolve("cpu/service"));
    Files.createDirectories(temp.resolve("unified/user"));
    moves =
        new CgroupMoves(
            CgroupMount.parse(
                List.of(
                    "30 1 0:5 / /proc rw - proc proc rw",
                    "31 23 0:28 / "
                        + temp
                        + "/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct",
                    "32 23 0:29 /box " + temp + "/unified rw,relatime - cgroup2 cgroup2 rw")));
  }

  @Test
  void theFirstHierarchyThatShowsTheOwnCgroupIsTaken() {
    assertThat(moves.ownFolder(List.of("2:pids:/service", "1:cpu,cpuacct:/service", "0::/box")))
        .contains(temp.resolve("cpu/service"));
  }

  @Test
  void aMountOfAPartShowsWhatIsBelowIt() {
    assertThat(moves.ownFolder(List.of("0::/box/user"))).contains(temp.resolve("unified/user"));
    assertThat(moves.ownFolder(List.of("0::/box"))).contains(temp.resolve("unified"));
    assertThat(moves.ownFolder(List.of("0::/boxes/user"))).isEmpty();
  }

  @Test
  void anUnknownOrHiddenCgroupIsLeftAlone() {
    assertThat(moves.ownFolder(List.of("3:memory:/service", "1:cpu,cpuacct:/gone", "0::/../x")))
        .isEmpty();
  }
}
