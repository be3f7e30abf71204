package dev.kiln.executor.runc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.executor.MountSource;
import dev.kiln.snapshotter.snapshot.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A root file system of busybox alone, as a folder that is bound into containers. */
final class TestingRootfs {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final List<String> APPLETS =
      List.of(
          "sh",
          "echo",
          "cat",
          "id",
          "sleep",
          "ls",
          "pwd",
          "stty",
          "touch",
          "mkdir",
          "rm",
          "ps",
          "hostname",
          "ip",
          "head",
          "tail",
          "dd",
          "true",
          "false",
          "mount",
          "grep",
          "env",
          "kill",
          "stat",
          "tty",
          "test",
          "seq",
          "yes",
          "wc",
          "unshare");

  private TestingRootfs() {}

  /** Skips the test where containers cannot run. */
  static Path requireRunc() {
    Path runc = Path.of("/usr/sbin/runc");
    if (!Files.exists(runc)) {
      runc = Path.of("/usr/bin/runc");
    }
    assumeTrue(Files.exists(runc), "runc is not installed");
    assumeTrue("root".equals(System.getProperty("user.name")), "containers need root");
    assumeTrue(Files.exists(BUSYBOX), "busybox-static is not installed");
    return runc;
  }

  static Path make(Path folder) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.copy(BUSYBOX, bin.resolve("busybox"));
    Files.setPosixFilePermissions(
        bin.resolve("busybox"), PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String applet : APPLETS) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    Path etc = Files.createDirectories(folder.resolve("etc"));
    Files.writeString(
        etc.resolve("passwd"), "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1001:w:/:/bin/sh\n");
    Files.writeString(
        etc.resolve("group"), "root:x:0:\nwebs:x:1001:\nlogs:x:1002:other,web\nextra:x:1003:web\n");
    return folder;
  }

  static MountSource bind(Path folder) {
    return MountSource.of(List.of(Mount.bind(folder.toString(), false)));
  }
}
