package dev.kiln.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupsTest {
  @TempDir Path temp;

  private Cgroups hierarchy(String type) {
    return new Cgroups(
        CgroupMount.parse(
            List.of(
                "30 1 0:5 / /proc rw - proc proc rw",
                "31 23 0:28 / " + temp + " rw,relatime shared:9 - " + type + " " + type + " rw")));
  }

  @Test
  void killsForMemoryAreCountedInBothVersions() throws IOException {
    Path group = Files.createDirectories(temp.resolve("buildkit/x"));
    assertThat(hierarchy("cgroup2").ranOutOfMemory("/buildkit/x")).isFalse();
    Files.writeString(group.resolve("memory.events"), "low 0\noom 2\noom_kill 0\n");
    assertThat(hierarchy("cgroup2").ranOutOfMemory("/buildkit/x")).isFalse();
    Files.writeString(group.resolve("memory.events"), "low 0\noom 2\noom_kill 1\n");
    assertThat(hierarchy("cgroup2").ranOutOfMemory("/buildkit/x")).isTrue();
    Files.delete(group.resolve("memory.events"));
    Files.writeString(
        group.resolve("memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
    assertThat(hierarchy("cgroup").ranOutOfMemory("/buildkit/x")).isTrue();
  }

  @Test
  void groupsGoWithThoseBelow() throws IOException {
    Files.createDirectories(temp.resolve("buildkit/x/y/z"));
    hierarchy("cgroup2").remove("/buildkit/x");
    assertThat(temp.resolve("buildkit")).isEmptyDirectory();
    hierarchy("cgroup2").remove("/buildkit/x");
  }

  @Test
  void parentsNameFoldersOrSlices() {
    assertThat(Cgroups.path("", "id")).isEqualTo("/buildkit/id");
    assertThat(Cgroups.path("ci/jobs", "id")).isEqualTo("/ci/jobs/buildkit/id");
    assertThat(Cgroups.path("../../x", "id")).isEqualTo("/x/buildkit/id");
    assertThat(Cgroups.path("system.slice:kiln:", "id")).isEqualTo("system.slice:kiln:id");
  }
}
