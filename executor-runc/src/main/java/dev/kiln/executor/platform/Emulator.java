package dev.kiln.executor.platform;

import dev.kiln.executor.MountSource;
import dev.kiln.executor.MountSource.Mounted;
import dev.kiln.executor.OpMount;
import dev.kiln.snapshotter.snapshot.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A static emulator program that a step of a foreign platform is run with, for machines whose
 * kernel does not know the platform: it is shown in the container and put in front of the
 * arguments.
 *
 * @param program on the host
 */
public record Emulator(Path program) {
  /** Where containers see the emulator. */
  public static final String DESTINATION = "/dev/.buildkit_qemu_emulator";

  /** The mount to add to the container; it shows a copy, which goes away with the container. */
  public OpMount mount() {
    MountSource source =
        readonly -> {
          Path folder = Files.createTempDirectory("kiln-emulator");
          Path copy = folder.resolve("emulator");
          try {
            Files.copy(program, copy);
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("r-xr-xr-x"));
          } catch (IOException e) {
            remove(folder, copy);
            throw e;
          }
          return new Mounted(
              List.of(Mount.bind(copy.toString(), true)), () -> remove(folder, copy));
        };
    return new OpMount(DESTINATION, source, true, "");
  }

  private static void remove(Path folder, Path copy) throws IOException {
    Files.deleteIfExists(copy);
    Files.deleteIfExists(folder);
  }

  /** The arguments with the emulator in front. */
  public static List<String> wrap(List<String> args) {
    List<String> wrapped = new ArrayList<>(args.size() + 1);
    wrapped.add(DESTINATION);
    wrapped.addAll(args);
    return wrapped;
  }
}
