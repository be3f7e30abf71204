package dev.kiln.solver;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests as text: {@code sha256:} and lower-case hex. */
public final class Sha256 {
  private Sha256() {}

  /** Digest of bytes. */
  public static String of(byte[] bytes) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Digest of a text's UTF-8 bytes. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Digest of the record of output {@code output} of operation {@code digest}. */
  public static String record(String digest, int output) {
    return digest.startsWith("random:") ? digest : of(digest + "@" + output);
  }
}
