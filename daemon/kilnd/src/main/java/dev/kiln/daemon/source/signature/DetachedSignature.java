package dev.kiln.daemon.source.signature;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A signature that stands beside what it is over, in its text form. Stateless. */
public sealed interface DetachedSignature permits PgpSignature, SshSignature {

  /**
   * Reads a signature of either kind.
   *
   * @throws BadSignatureException if it is none
   */
  static DetachedSignature parse(byte[] text) throws BadSignatureException {
    String start = new String(text, StandardCharsets.ISO_8859_1);
    if (start.startsWith(PgpSignature.BEGIN)) {
      return PgpSignature.parse(text);
    }
    if (start.startsWith(SshSignature.BEGIN)) {
      return SshSignature.parse(text);
    }
    throw new BadSignatureException("invalid signature format");
  }

  /**
   * Reads an OpenPGP signature.
   *
   * @throws BadSignatureException if it is none
   */
  static DetachedSignature parsePgp(byte[] text) throws BadSignatureException {
    return PgpSignature.parse(text);
  }

  /**
   * Returns if one of the keys made this signature over the content.
   *
   * @param publicKeys armored OpenPGP keys, one or several, or a line of OpenSSH's {@code
   *     authorized_keys}, whichever fits the signature
   * @throws BadSignatureException if the signature, or the keys, prove nothing
   * @throws IOException if the content cannot be read
   */
  void verify(SignedContent content, byte[] publicKeys, SignaturePolicy policy) throws IOException;
}
