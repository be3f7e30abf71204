package dev.kiln.daemon.source.signature;

import java.time.Instant;
import java.util.Set;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.bcpg.sig.NotationData;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;

/** Rules on what stands beside a signature (RFC 9580, section 5.2.3). Stateless. */
final class PgpSubpackets {
  /** Those whose meaning is looked at, or that change nothing about who signed what when. */
  private static final Set<Integer> UNDERSTOOD =
      Set.of(
          SignatureSubpacketTags.CREATION_TIME,
          SignatureSubpacketTags.EXPIRE_TIME,
          SignatureSubpacketTags.KEY_EXPIRE_TIME,
          SignatureSubpacketTags.ISSUER_KEY_ID,
          SignatureSubpacketTags.ISSUER_FINGERPRINT,
          SignatureSubpacketTags.NOTATION_DATA,
          SignatureSubpacketTags.PRIMARY_USER_ID,
          SignatureSubpacketTags.KEY_FLAGS,
          SignatureSubpacketTags.SIGNER_USER_ID,
          SignatureSubpacketTags.REVOCATION_REASON,
          SignatureSubpacketTags.REVOCABLE,
          SignatureSubpacketTags.EXPORTABLE,
          SignatureSubpacketTags.EMBEDDED_SIGNATURE,
          SignatureSubpacketTags.FEATURES,
          SignatureSubpacketTags.KEY_SERVER_PREFS,
          SignatureSubpacketTags.PREFERRED_SYM_ALGS,
          SignatureSubpacketTags.PREFERRED_HASH_ALGS,
          SignatureSubpacketTags.PREFERRED_COMP_ALGS);

  private PgpSubpackets() {}

  /** Refuses a signature whose own time has run out. */
  static void checkExpiry(PGPSignature signature, Instant time) throws BadSignatureException {
    long seconds = signature.getHashedSubPackets().getSignatureExpirationTime();
    Instant made = signature.getCreationTime().toInstant();
    if (seconds > 0 && made.plusSeconds(seconds).isBefore(time)) {
      throw new BadSignatureException("signature expired at " + made.plusSeconds(seconds));
    }
  }

  /** Refuses a signature that says something that must be understood and is not. */
  static void checkUnderstood(PGPSignature signature) throws BadSignatureException {
    PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets();
    for (int tag : hashed.getCriticalTags()) {
      if (!UNDERSTOOD.contains(tag)) {
        throw new BadSignatureException("unknown critical signature subpacket " + tag);
      }
    }
    for (NotationData notation : hashed.getNotationDataOccurrences()) {
      if (notation.isCritical()) {
        throw new BadSignatureException("unknown critical notation: " + notation.getNotationName());
      }
    }
  }
}
