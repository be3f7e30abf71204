package dev.kiln.daemon.source.signature;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * An SSH public key.
 *
 * @param type its algorithm, as keys are written
 * @param blob in SSH's own format, which begins with the type again
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a record
record SshPublicKey(String type, byte[] blob) {

  /**
   * Reads the first key of a file in the format of {@code authorized_keys} (sshd(8)): options that
   * may stand before it, and a comment behind it, are skipped.
   */
  static SshPublicKey parse(byte[] file) throws BadSignatureException {
    for (String line : new String(file, StandardCharsets.UTF_8).lines().toList()) {
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      SshPublicKey key = key(text);
      if (key == null) {
        key = key(text.substring(optionsEnd(text)).strip());
      }
      if (key != null) {
        return key;
      }
    }
    throw new BadSignatureException("failed to parse ssh public key: no key found");
  }

  private static @org.jspecify.annotations.Nullable SshPublicKey key(String text) {
    String[] words = text.split("[ \t]+", 3);
    if (words.length < 2) {
      return null;
    }
    try {
      byte[] blob = Base64.getDecoder().decode(words[1]);
      return new SshReader(blob).text().equals(words[0]) ? new SshPublicKey(words[0], blob) : null;
    } catch (BadSignatureException | IllegalArgumentException e) {
      return null;
    }
  }

  /** Where the options end: at white space that is not in quotes. */
  private static int optionsEnd(String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == '"' && (i == 0 || text.charAt(i - 1) != '\\')) {
        quoted = !quoted;
      } else if (!quoted && (each == ' ' || each == '\t')) {
        return i;
      }
    }
    return text.length();
  }

  /** Whether this is the same key. */
  boolean is(byte[] other) {
    return MessageDigest.isEqual(blob, other);
  }

  /** Whether this key signed these bytes. */
  boolean verifies(byte[] signed, byte[] signature) throws BadSignatureException {
    return SshAlgorithm.of(type).verifies(this, signed, signature);
  }

  /** How people name a key. */
  static String fingerprint(byte[] blob) {
    return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(sha256(blob));
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
