package dev.kiln.daemon.source.git;

import dev.kiln.daemon.source.signature.BadSignatureException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A commit or an annotated tag with its signature set apart (gitformat-signature(5)).
 *
 * @param type {@code commit} or {@code tag}
 * @param raw the object as git stores it
 * @param signature in its text form; empty if it is not signed
 * @param signed what the signature is over
 */
@SuppressWarnings("ArrayRecordComponent") // read-only hand-over; never compared
record GitObject(String type, byte[] raw, byte[] signature, byte[] signed) {
  private static final int SHA256_HEX = 64;

  /** The header of a commit's signature, by the way in which the repository names its objects. */
  private static final Set<String> SIGNATURES = Set.of("gpgsig", "gpgsig-sha256");

  private static final List<String> MARKS =
      List.of("-----BEGIN PGP SIGNATURE-----", "-----BEGIN SSH SIGNATURE-----");

  /** Reads a commit, whose signature is a header. */
  static GitObject commit(byte[] raw) throws BadSignatureException {
    String text = text(raw);
    int end = headersEnd("commit", text);
    StringBuilder signed = new StringBuilder();
    StringBuilder signature = new StringBuilder();
    List<String> names = new ArrayList<>();
    boolean inSignature = false;
    for (String line : text.substring(0, end).split("\n", -1)) {
      inSignature = isSignature(line) || (inSignature && line.startsWith(" "));
      if (inSignature) {
        signature.append(line.substring(line.indexOf(' ') + 1)).append('\n');
      } else {
        signed.append(line).append('\n');
      }
      names.add(name(line));
    }
    require("commit", names, List.of("tree", "author", "committer"));
    if (names.stream().filter(SIGNATURES::contains).count() > 1) {
      throw new BadSignatureException("invalid commit object: it has more than one signature");
    }
    return of("commit", raw, signature.toString(), signed + text.substring(end + 1));
  }

  /** Reads a tag, whose signature is the end of its message. */
  static GitObject tag(byte[] raw) throws BadSignatureException {
    String text = text(raw);
    int end = headersEnd("tag", text);
    List<String> names = text.substring(0, end).lines().map(GitObject::name).toList();
    require("tag", names, List.of("object", "type", "tag", "tagger"));
    int start =
        MARKS.stream().mapToInt(mark -> text.lastIndexOf("\n" + mark + "\n")).max().orElse(-1);
    int split = start < end ? text.length() : start + 1;
    return of("tag", raw, text.substring(split), text.substring(0, split));
  }

  private static GitObject of(String type, byte[] raw, String signature, String signed) {
    return new GitObject(
        type,
        raw,
        signature.getBytes(StandardCharsets.ISO_8859_1),
        signed.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Every byte as a character of its own, since nobody knows in which encoding a message is. */
  private static String text(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  private static String name(String header) {
    return header.substring(0, Math.max(0, header.indexOf(' ')));
  }

  private static boolean isSignature(String header) {
    return SIGNATURES.contains(name(header));
  }

  private static int headersEnd(String type, String text) throws BadSignatureException {
    int end = text.indexOf("\n\n");
    if (end < 0) {
      throw new BadSignatureException("invalid " + type + " object: it has no message");
    }
    return end;
  }

  private static void require(String type, List<String> names, List<String> wanted)
      throws BadSignatureException {
    for (String name : wanted) {
      if (!names.contains(name)) {
        throw new BadSignatureException("invalid " + type + " object: missing " + name + " header");
      }
    }
  }

  /**
   * Makes sure that this is the object with that hash.
   *
   * @throws BadSignatureException if it has another
   */
  void checkHash(String hash) throws BadSignatureException {
    try {
      MessageDigest digest =
          MessageDigest.getInstance(hash.length() == SHA256_HEX ? "SHA-256" : "SHA-1");
      digest.update((type + " " + raw.length + "\0").getBytes(StandardCharsets.US_ASCII));
      String got = HexFormat.of().formatHex(digest.digest(raw));
      if (!got.equals(hash)) {
        throw new BadSignatureException(
            type + " object checksum mismatch: expected " + hash + ", got " + got);
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
