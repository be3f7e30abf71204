package dev.kiln.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.SetupException;
import dev.kiln.executor.Stdio;
import dev.kiln.executor.cdi.CdiDevices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device's description, as a process in a real container sees it. */
@Timeout(60)
class DeviceInContainerTest {
  @TempDir Path temp;
  private Path rootfs;
  private RuncExecutor executor;

  @BeforeEach
  void open() throws IOException {
    Path runc = TestingRootfs.requireRunc();
    rootfs = TestingRootfs.make(temp.resolve("image"));
    Path described = Files.createDirectory(temp.resolve("cdi"));
    Files.writeString(Files.createDirectory(temp.resolve("library")).resolve("text"), "mounted");
    Path hooked = temp.resolve("hooked");
    Files.writeString(
        described.resolve("acme.yaml"),
        """
        cdiVersion: 0.7.0
        kind: acme.com/zero
        containerEdits:
          env: [ACME=all]
        devices:
        - name: one
          containerEdits:
            env: [ZERO=one]
            deviceNodes:
            - {path: /dev/acme0, hostPath: /dev/zero, permissions: r, fileMode: 0444}
            mounts:
            - {hostPath: %s, containerPath: /opt/acme, options: [ro, rbind]}
            hooks:
            - {hookName: createRuntime, path: /bin/sh, args: [sh, -c, "cat > %s"]}
            additionalGids: [77]
        """
            .formatted(temp.resolve("library"), hooked));
    executor =
        new RuncExecutor(
            ExecutorOptions.of(temp.resolve("executor"), runc)
                .withDevices(new CdiDevices(List.of(described))));
  }

  @AfterEach
  void close() {
    if (executor != null) {
      executor.close();
    }
  }

  private String run(String device, String script) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ContainerSpec spec =
        ContainerSpec.builder(
                "test" + Long.toHexString(System.nanoTime()),
                TestingRootfs.bind(rootfs),
                new ProcessSpec(
                    List.of("sh", "-c", script),
                    List.of("PATH=/bin", "ZERO=none"),
                    "/",
                    "",
                    java.util.Set.of()))
            .cdiDevices(device.isEmpty() ? List.of() : List.of(device))
            .build();
    executor.run(
        spec,
        new Stdio.Streams(null, output, OutputStream.nullOutputStream()),
        ContainerListener.NONE,
        Cancellation.NONE);
    return output.toString(StandardCharsets.UTF_8);
  }

  @Test
  void deviceIsThereAsItsFileSays() throws Exception {
    assertThat(
            run(
                "acme.com/zero=one",
                "echo $ACME $ZERO; head -c 3 /dev/acme0 | wc -c; cat /opt/acme/text; echo; id -G"))
        .isEqualTo("all one\n3\nmounted\n0 77\n");
    assertThat(temp.resolve("hooked")).content().contains("\"status\":\"creating\"");
  }

  @Test
  void otherContainersSeeNothingOfIt() throws Exception {
    assertThat(run("", "echo $ACME $ZERO; ls /dev/acme0 /opt/acme; id -G")).isEqualTo("none\n0\n");
  }

  @Test
  void unknownDeviceIsAnErrorBeforeAnythingRuns() {
    assertThatThrownBy(() -> run("acme.com/zero=two", "true"))
        .isInstanceOf(SetupException.class)
        .hasMessage("unresolvable CDI device acme.com/zero=two");
  }
}
