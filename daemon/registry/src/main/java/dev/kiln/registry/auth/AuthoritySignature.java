package dev.kiln.registry.auth;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Checks that a client holds the private half of its Ed25519 key: a signature of 64 bytes in front
 * of the payload.
 */
final class AuthoritySignature {
  static final int KEY_BYTES = 32;
  static final int PAYLOAD_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  /** What stands in front of the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410). */
  private static final byte[] KEY_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private AuthoritySignature() {}

  static byte[] newPayload() {
    byte[] payload = new byte[PAYLOAD_BYTES];
    new SecureRandom().nextBytes(payload);
    return payload;
  }

  static boolean proves(byte[] publicKey, byte[] payload, byte[] signed) {
    if (publicKey.length != KEY_BYTES || signed.length != SIGNATURE_BYTES + payload.length) {
      return false;
    }
    if (!Arrays.equals(signed, SIGNATURE_BYTES, signed.length, payload, 0, payload.length)) {
      return false;
    }
    try {
      byte[] encoded = Arrays.copyOf(KEY_PREFIX, KEY_PREFIX.length + KEY_BYTES);
      System.arraycopy(publicKey, 0, encoded, KEY_PREFIX.length, KEY_BYTES);
      PublicKey key =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(key);
      signature.update(payload);
      return signature.verify(signed, 0, SIGNATURE_BYTES);
    } catch (GeneralSecurityException e) {
      // A key or a signature that cannot be read proves nothing.
      return false;
    }
  }
}
