package dev.kiln.daemon.source.signature;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signature as {@code ssh-keygen -Y sign} makes it (OpenSSH, PROTOCOL.sshsig).
 *
 * @param publicKey the key that made it, as it says itself
 * @param namespace what it was made for
 * @param hash by which the content was hashed before it was signed
 * @param value the signature itself, with its algorithm
 */
@SuppressWarnings("ArrayRecordComponent") // read-only hand-over; never compared
record SshSignature(
    int version, byte[] publicKey, String namespace, byte[] reserved, String hash, byte[] value)
    implements DetachedSignature {
  static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";

  private static final String GIT = "git";
  private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern ARMOR =
      Pattern.compile(BEGIN + "\\s*\n(.*?)-----END SSH SIGNATURE-----", Pattern.DOTALL);

  static SshSignature parse(byte[] text) throws BadSignatureException {
    Matcher armor = ARMOR.matcher(new String(text, StandardCharsets.ISO_8859_1));
    if (!armor.lookingAt()) {
      throw new BadSignatureException("failed to decode ssh signature PEM block");
    }
    try {
      return read(new SshReader(Base64.getMimeDecoder().decode(armor.group(1))));
    } catch (BadSignatureException | IllegalArgumentException e) {
      throw new BadSignatureException("failed to parse ssh signature: " + e.getMessage(), e);
    }
  }

  private static SshSignature read(SshReader in) throws BadSignatureException {
    if (!java.util.Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
      throw new BadSignatureException("it does not start with SSHSIG");
    }
    SshSignature signature =
        new SshSignature(in.number(), in.string(), in.text(), in.string(), in.text(), in.string());
    in.end();
    return signature;
  }

  @Override
  public void verify(SignedContent content, byte[] publicKeys, SignaturePolicy policy)
      throws IOException {
    if (version != 1) {
      throw new BadSignatureException("unsupported SSH signature version: " + version);
    }
    String algorithm =
        switch (hash) {
          case "sha256" -> "SHA-256";
          case "sha512" -> "SHA-512";
          default ->
              throw new BadSignatureException("unsupported SSH signature hash algorithm: " + hash);
        };
    if (!namespace.equals(GIT)) {
      throw new BadSignatureException("unexpected SSH signature namespace: \"" + namespace + "\"");
    }
    SshPublicKey key = SshPublicKey.parse(publicKeys);
    if (!key.is(publicKey)) {
      throw failed("it was made by another key, " + SshPublicKey.fingerprint(publicKey));
    }
    if (!key.verifies(signed(digest(content, algorithm)), value)) {
      throw failed("it is not over this content");
    }
  }

  private static BadSignatureException failed(String why) {
    return new BadSignatureException("failed to verify ssh signature: " + why);
  }

  private byte[] signed(byte[] digest) {
    return new SshWriter()
        .raw(MAGIC)
        .text(namespace)
        .string(reserved)
        .text(hash)
        .string(digest)
        .bytes();
  }

  private static byte[] digest(SignedContent content, String algorithm) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      try (InputStream in = new DigestInputStream(content.open(), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
