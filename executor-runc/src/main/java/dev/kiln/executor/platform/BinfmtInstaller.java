package dev.kiln.executor.platform;

import dev.kiln.snapshotter.linux.MountCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Tells the kernel which emulator runs which foreign programs
 * (Documentation/admin-guide/binfmt-misc of Linux), from the handler files that QEMU's packages
 * bring along. Needs root outside of any user namespace; the handlers hold until the machine stops.
 */
public final class BinfmtInstaller {
  private final Path kernel;
  private final List<Path> handlerFolders;

  /** The kernel's own interface, and where distributions put handler files. */
  public BinfmtInstaller() {
    this(
        Path.of("/proc/sys/fs/binfmt_misc"),
        List.of(Path.of("/etc/binfmt.d"), Path.of("/usr/lib/binfmt.d")));
  }

  BinfmtInstaller(Path kernel, List<Path> handlerFolders) {
    this.kernel = kernel;
    this.handlerFolders = handlerFolders;
  }

  /** What became of one handler file. */
  public record Outcome(String name, Result result, String detail) {}

  /** Whether a handler is there now, and if not, why. */
  public enum Result {
    INSTALLED,
    ALREADY_THERE,
    INTERPRETER_MISSING,
    REFUSED
  }

  /**
   * Registers QEMU's handlers that the kernel does not have yet.
   *
   * @param wanted which ones, by names such as {@code qemu-aarch64}
   * @throws IOException the kernel's interface is not there and cannot be mounted
   */
  public List<Outcome> install(Predicate<String> wanted) throws IOException {
    mountInterface();
    List<Outcome> outcomes = new ArrayList<>();
    for (Path folder : handlerFolders) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "qemu-*.conf")) {
        for (Path file : files) {
          for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(":") && wanted.test(field(line, 1))) {
              outcomes.add(register(line));
            }
          }
        }
      }
    }
    return outcomes;
  }

  /**
   * Whether the kernel may know a handler: it does not when its interface shows none, and it may
   * when the interface is not to be seen.
   */
  static boolean mayHaveHandlers() throws IOException {
    var installer = new BinfmtInstaller();
    return !Files.exists(installer.kernel.resolve("register"))
        || installer.handlers().stream().anyMatch(BinfmtHandler::enabled);
  }

  private void mountInterface() throws IOException {
    if (Files.exists(kernel.resolve("register"))) {
      return;
    }
    try {
      MountCalls.mount("binfmt_misc", kernel.toString(), "binfmt_misc", 0, "");
    } catch (IOException e) {
      throw new IOException(
          "could not mount binfmt_misc at "
              + kernel
              + ": "
              + e.getMessage()
              + "; load the module binfmt_misc and run as root",
          e);
    }
  }

  private Outcome register(String line) {
    String name = field(line, 1);
    Path interpreter = Path.of(field(line, 6));
    if (Files.exists(kernel.resolve(name))) {
      return new Outcome(name, Result.ALREADY_THERE, "");
    }
    if (!Files.exists(interpreter)) {
      return new Outcome(name, Result.INTERPRETER_MISSING, interpreter + " does not exist");
    }
    try {
      write("register", line);
      return new Outcome(name, Result.INSTALLED, interpreter.toString());
    } catch (IOException e) {
      return new Outcome(name, Result.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  /** The line's first character separates its fields. */
  private static String field(String line, int index) {
    String[] fields = line.split(":", -1);
    return index < fields.length ? fields[index] : "";
  }

  /** Makes the kernel forget a handler; does nothing when it does not know it. */
  public void remove(String name) throws IOException {
    if (name.equals("register") || name.equals("status") || name.contains("/")) {
      throw new IOException(name + " is not a handler");
    }
    if (Files.exists(kernel.resolve(name))) {
      write(name, "-1");
    }
  }

  /** The kernel takes an order only as a single write. */
  private void write(String file, String text) throws IOException {
    Files.write(
        kernel.resolve(file), text.getBytes(StandardCharsets.ISO_8859_1), StandardOpenOption.WRITE);
  }

  /** The handlers that the kernel knows, in the order of their names. */
  public List<BinfmtHandler> handlers() throws IOException {
    List<BinfmtHandler> handlers = new ArrayList<>();
    if (!Files.exists(kernel.resolve("register"))) {
      return handlers;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(kernel)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (!name.equals("register") && !name.equals("status")) {
          handlers.add(parse(name, Files.readAllLines(entry, StandardCharsets.ISO_8859_1)));
        }
      }
    }
    handlers.sort(Comparator.comparing(BinfmtHandler::name));
    return handlers;
  }

  private static BinfmtHandler parse(String name, List<String> lines) {
    String interpreter = "";
    String flags = "";
    for (String line : lines) {
      if (line.startsWith("interpreter ")) {
        interpreter = line.substring("interpreter ".length());
      } else if (line.startsWith("flags: ")) {
        flags = line.substring("flags: ".length());
      }
    }
    return new BinfmtHandler(name, lines.contains("enabled"), interpreter, flags);
  }
}
