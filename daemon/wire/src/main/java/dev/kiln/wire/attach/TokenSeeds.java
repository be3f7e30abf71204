package dev.kiln.wire.attach;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A random seed for each registry, which goes into the key that stands for the login there, so that
 * a daemon cannot guess it. Kept in {@code .token_seed} beside docker's configuration, where stock
 * clients keep theirs. Thread-safe.
 */
final class TokenSeeds {
  private static final int SEED_BYTES = 16;

  private final Path folder;
  private final ObjectNode known = JsonMapper.shared().createObjectNode();

  TokenSeeds(Path folder) {
    this.folder = folder;
  }

  /** The seed of a host; a new one is kept for as long as the folder can be written. */
  synchronized byte[] seed(String host) throws IOException {
    try {
      Files.createDirectories(folder);
      try (FileChannel lock =
              FileChannel.open(
                  folder.resolve(".token_seed.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock held = lock.lock()) {
        return held.isValid() ? locked(host) : inMemory(host);
      }
    } catch (AccessDeniedException e) {
      return inMemory(host);
    } catch (FileSystemException e) {
      if (String.valueOf(e.getReason()).contains("Read-only")) {
        return inMemory(host);
      }
      throw e;
    }
  }

  private byte[] locked(String host) throws IOException {
    Path file = folder.resolve(".token_seed");
    try {
      if (JsonMapper.shared().readTree(Files.readAllBytes(file)) instanceof ObjectNode stored) {
        known.setAll(stored);
      }
    } catch (NoSuchFileException | JacksonException e) {
      // Nothing there yet, or torn by a crash: what is missing is made anew.
    }
    boolean fresh = !known.has(host);
    byte[] seed = inMemory(host);
    if (fresh) {
      Path aside = Files.createTempFile(folder, ".token_seed", "");
      Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-------"));
      Files.write(aside, JsonMapper.shared().writeValueAsBytes(known));
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return seed;
  }

  private byte[] inMemory(String host) {
    String text = known.path(host).path("Seed").asString("");
    if (!text.isEmpty()) {
      return Base64.getDecoder().decode(text);
    }
    byte[] seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    known.putObject(host).put("Seed", Base64.getEncoder().encodeToString(seed));
    return seed;
  }
}
