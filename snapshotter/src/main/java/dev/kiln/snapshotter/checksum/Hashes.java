package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.content.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 as content digests use it: a digest that enters another one is its text. */
final class Hashes {
  private static final String PREFIX = "sha256:";

  /** The digest of no bytes. */
  static final byte[] NOTHING = sha256().digest();

  private Hashes() {}

  static MessageDigest sha256() {
    return Digest.newHash("sha256");
  }

  /** Puts the text of a raw digest into a hash. */
  static void updateText(MessageDigest hash, byte[] raw) {
    hash.update(text(raw).getBytes(StandardCharsets.ISO_8859_1));
  }

  static Digest digest(byte[] raw) {
    return new Digest(text(raw));
  }

  static String text(byte[] raw) {
    return PREFIX + HexFormat.of().formatHex(raw);
  }

  static byte[] raw(Digest digest) {
    if (!digest.text().startsWith(PREFIX)) {
      throw new IllegalArgumentException("a content digest is of sha256, not " + digest);
    }
    return HexFormat.of().parseHex(digest.hex());
  }
}
