package dev.kiln.daemon.source.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The objects and keys in the folder {@code signed}, which real tools have made. */
final class SignedObjects {
  private SignedObjects() {}

  /** A file of the folder. */
  static byte[] read(String path) throws IOException {
    try (InputStream in = SignedObjects.class.getResourceAsStream("signed/" + path)) {
      if (in == null) {
        throw new IOException("there is no " + path + " among the signed objects");
      }
      return in.readAllBytes();
    }
  }

  static List<String> lines(String path) throws IOException {
    return new String(read(path), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .toList();
  }

  /** A commit or tag, by its name. */
  static byte[] object(String name) throws IOException {
    return read("objects/" + name);
  }

  /** Its hash. */
  static String hash(String name) throws IOException {
    return lines("hashes.txt").stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  /** Some keys, one behind the other. */
  static String keys(List<String> names) throws IOException {
    List<String> keys = new ArrayList<>();
    for (String name : names) {
      keys.add(new String(read("keys/" + name), StandardCharsets.UTF_8));
    }
    return String.join("\n", keys);
  }
}
