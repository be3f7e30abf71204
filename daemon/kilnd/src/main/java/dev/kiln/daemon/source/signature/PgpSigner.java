package dev.kiln.daemon.source.signature;

import java.time.Instant;
import java.util.List;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;

/**
 * A key that may sign.
 *
 * @param key the key
 * @param binding what its owner says of it: its purpose and how long it is valid
 * @param primary the owner's primary key; the same key if that signs itself
 * @param primaryBinding what the owner says of the primary key
 * @param behind all signatures on which the right to sign rests
 * @param revoked why the key must not be trusted any more; empty if nothing is against it
 */
record PgpSigner(
    PGPPublicKey key,
    PGPSignature binding,
    PGPPublicKey primary,
    PGPSignature primaryBinding,
    List<PGPSignature> behind,
    String revoked) {
  /** An algorithm that no new key has, but old keys do (RFC 9580, section 9.1). */
  static final int RSA_SIGN_ONLY = 3;

  private static final int MIN_RSA_BITS = 2048;

  PgpSigner {
    behind = List.copyOf(behind);
  }

  /**
   * Makes sure that the key could sign at a time.
   *
   * @throws BadSignatureException if it is revoked, too weak, not yet made or expired
   */
  void checkAt(Instant time) throws BadSignatureException {
    if (!revoked.isEmpty()) {
      throw new BadSignatureException(revoked);
    }
    checkKey(primary, primaryBinding, time);
    checkKey(key, binding, time);
    for (PGPSignature each : behind) {
      PgpSubpackets.checkExpiry(each, time);
      PgpSubpackets.checkUnderstood(each);
    }
  }

  private static void checkKey(PGPPublicKey key, PGPSignature binding, Instant time)
      throws BadSignatureException {
    boolean rsa =
        key.getAlgorithm() == PublicKeyAlgorithmTags.RSA_GENERAL
            || key.getAlgorithm() == RSA_SIGN_ONLY;
    if (rsa && key.getBitStrength() < MIN_RSA_BITS) {
      throw new BadSignatureException("RSA key too short: " + key.getBitStrength() + " bits");
    }
    Instant made = key.getCreationTime().toInstant();
    if (made.isAfter(time)) {
      throw new BadSignatureException("key not valid before " + made);
    }
    long seconds = binding.getHashedSubPackets().getKeyExpirationTime();
    if (seconds > 0 && made.plusSeconds(seconds).isBefore(time)) {
      throw new BadSignatureException("key expired at " + made.plusSeconds(seconds));
    }
  }
}
