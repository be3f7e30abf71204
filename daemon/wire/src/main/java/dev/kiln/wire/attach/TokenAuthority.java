package dev.kiln.wire.attach;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The ed25519 key that stands for a client's login at one registry. Its seed is HMAC-SHA256 of the
 * host's own seed under the daemon's salt; without a login the message is empty, so that all such
 * clients have the same key.
 */
final class TokenAuthority {
  private static final int KEY_BYTES = 32;

  private final KeyPair keys;

  private TokenAuthority(KeyPair keys) {
    this.keys = keys;
  }

  static TokenAuthority of(byte[] salt, byte[] hostSeed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // The JDK refuses an empty key, which HMAC pads to the same zeros.
      mac.init(new SecretKeySpec(salt.length == 0 ? new byte[1] : salt, "HmacSHA256"));
      return ofSeed(mac.doFinal(hostSeed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** The key that RFC 8032 derives from a seed of 32 bytes. */
  static TokenAuthority ofSeed(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new FixedSeed(seed));
      return new TokenAuthority(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  /** The public key in its 32 bytes: y in little-endian order, x's lowest bit on top (RFC 8032). */
  byte[] publicKey() {
    var point = ((EdECPublicKey) keys.getPublic()).getPoint();
    byte[] bigEndian = point.getY().toByteArray();
    byte[] encoded = new byte[KEY_BYTES];
    for (int i = 0; i < Math.min(KEY_BYTES, bigEndian.length); i++) {
      encoded[i] = bigEndian[bigEndian.length - 1 - i];
    }
    if (point.isXOdd()) {
      encoded[KEY_BYTES - 1] |= (byte) 0x80;
    }
    return encoded;
  }

  /** The payload in NaCl's signed form: 64 bytes of signature, then the payload. */
  byte[] sign(byte[] payload) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(keys.getPrivate());
      signature.update(payload);
      byte[] signed = signature.sign();
      byte[] joined = Arrays.copyOf(signed, signed.length + payload.length);
      System.arraycopy(payload, 0, joined, signed.length, payload.length);
      return joined;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an Ed25519 key signs anything", e);
    }
  }

  /** The JDK makes a key pair from a seed only by way of the random source that it asks. */
  private static final class FixedSeed extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    FixedSeed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
