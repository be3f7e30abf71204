package dev.kiln.cli.daemon;

import dev.kiln.cli.flag.UsageException;
import dev.kiln.wire.attach.HomeFolder;
import dev.kiln.wire.socket.Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where the daemon is.
 *
 * @param address to dial
 * @param chosen whether somebody named it; only one that nobody named is started when it is missing
 */
public record DaemonAddress(Address address, boolean chosen) {
  private static final Path SYSTEM = Path.of("/run/kiln/kilnd.sock");

  /** The flag's, else {@code KILN_HOST}, else {@code BUILDKIT_HOST}, else the usual socket. */
  public static DaemonAddress find(String flag, Map<String, String> environment) {
    for (String text :
        List.of(
            flag,
            environment.getOrDefault("KILN_HOST", ""),
            environment.getOrDefault("BUILDKIT_HOST", ""))) {
      if (!text.isEmpty()) {
        try {
          return new DaemonAddress(Address.parse(text), true);
        } catch (IllegalArgumentException e) {
          throw new UsageException(String.valueOf(e.getMessage()), e);
        }
      }
    }
    return new DaemonAddress(new Address.Unix(usual(environment)), false);
  }

  /** Root's socket is everybody's if they may use it; others have their own otherwise. */
  private static Path usual(Map<String, String> environment) {
    if (Files.isWritable(SYSTEM) || isRoot()) {
      return SYSTEM;
    }
    return runtimeFolder(environment).resolve("kilnd.sock");
  }

  static boolean isRoot() {
    return System.getProperty("user.name", "").equals("root");
  }

  private static Path runtimeFolder(Map<String, String> environment) {
    String set = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    return set.isEmpty()
        ? HomeFolder.path().resolve(".local/share/kiln/run")
        : Path.of(set, "kiln");
  }
}
