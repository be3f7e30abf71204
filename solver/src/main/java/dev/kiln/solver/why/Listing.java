package dev.kiln.solver.why;

import dev.kiln.solver.CacheMap.Entry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What is in one folder: digests by name. Kept under the folder's own digest, so that trees share
 * the folders in which they agree.
 */
record Listing(Map<String, String> digests) {
  private static final String PREFIX = "sha256:";
  private static final int DIGEST_BYTES = 32;

  /** Longer names are left out: no file system has them. */
  private static final int MAX_PATH_CHARS = 16 * 1024;

  static Listing of(List<Entry> entries) {
    Map<String, String> digests = HashMap.newHashMap(entries.size());
    for (Entry entry : entries) {
      if (entry.path().length() <= MAX_PATH_CHARS && entry.digest().startsWith(PREFIX)) {
        digests.put(entry.path(), entry.digest());
      }
    }
    return new Listing(digests);
  }

  /** The stored form: the count, then of each name the length-prefixed text and 32 bytes. */
  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(digests.size());
      for (Map.Entry<String, String> each : digests.entrySet()) {
        out.writeUTF(each.getKey());
        out.write(HexFormat.of().parseHex(each.getValue().substring(PREFIX.length())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads the stored form.
   *
   * @throws IOException if it is damaged
   */
  static Listing fromBytes(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int count = in.readInt();
    Map<String, String> digests = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      byte[] digest = in.readNBytes(DIGEST_BYTES);
      if (digest.length < DIGEST_BYTES) {
        throw new IOException("a folder's listing ends early");
      }
      digests.put(name, PREFIX + HexFormat.of().formatHex(digest));
    }
    return new Listing(digests);
  }
}
