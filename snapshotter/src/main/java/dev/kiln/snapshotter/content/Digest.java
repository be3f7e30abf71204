package dev.kiln.snapshotter.content;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A content digest in its text form, {@code algorithm:hex} (OCI image-spec, descriptor.md,
 * Digests), for sha256, sha384 and sha512.
 *
 * @param text the whole text, validated
 */
public record Digest(String text) implements Comparable<Digest> {
  private static final Map<String, Integer> HEX_CHARS =
      Map.of("sha256", 64, "sha384", 96, "sha512", 128);
  private static final Pattern HEX = Pattern.compile("[a-f0-9]+");

  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException for an unknown algorithm or malformed hex
   */
  public Digest {
    String problem = problem(text);
    if (problem != null) {
      throw new IllegalArgumentException("invalid digest \"" + text + "\": " + problem);
    }
  }

  private static @Nullable String problem(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0) {
      return "expected algorithm:hex";
    }
    Integer chars = HEX_CHARS.get(text.substring(0, colon));
    if (chars == null) {
      return "unsupported digest algorithm";
    }
    String hex = text.substring(colon + 1);
    return hex.length() == chars && HEX.matcher(hex).matches()
        ? null
        : "expected " + chars + " lower-case hex digits";
  }

  /** Whether a text is a valid digest. */
  public static boolean isValid(String text) {
    return problem(text) == null;
  }

  /** The sha256 digest of some bytes. */
  public static Digest of(byte[] bytes) {
    MessageDigest hash = newHash("sha256");
    hash.update(bytes);
    return finish("sha256", hash);
  }

  /** The digest that a finished hash holds; resets the hash. */
  public static Digest finish(String algorithm, MessageDigest hash) {
    return new Digest(algorithm + ":" + HexFormat.of().formatHex(hash.digest()));
  }

  /** A new hash for an algorithm named as in digests. */
  public static MessageDigest newHash(String algorithm) {
    String name =
        switch (algorithm) {
          case "sha256" -> "SHA-256";
          case "sha384" -> "SHA-384";
          case "sha512" -> "SHA-512";
          default ->
              throw new IllegalArgumentException("unsupported digest algorithm " + algorithm);
        };
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks " + name, e);
    }
  }

  public String algorithm() {
    return text.substring(0, text.indexOf(':'));
  }

  public String hex() {
    return text.substring(text.indexOf(':') + 1);
  }

  @Override
  public int compareTo(Digest other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
