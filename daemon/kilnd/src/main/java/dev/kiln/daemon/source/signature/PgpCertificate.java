package dev.kiln.daemon.source.signature;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.bcpg.sig.RevocationReason;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;

/**
 * A primary key with its subkeys, and what the owner says of them (RFC 9580, section 10.1). Only
 * what the owner's own key has signed counts; others can add to a key whatever they like.
 */
final class PgpCertificate {
  private static final Comparator<PGPSignature> BY_AGE =
      Comparator.comparing(PGPSignature::getCreationTime);

  private final PGPPublicKey primary;
  private final List<PGPPublicKey> subkeys = new ArrayList<>();

  private PgpCertificate(PGPPublicKeyRing ring) {
    this.primary = ring.getPublicKey();
    for (PGPPublicKey key : ring) {
      if (!key.isMasterKey()) {
        subkeys.add(key);
      }
    }
  }

  static PgpCertificate of(PGPPublicKeyRing ring) {
    return new PgpCertificate(ring);
  }

  /** The keys with that id that may sign: one or none, unless ids collide. */
  List<PgpSigner> signers(long keyId) {
    Optional<PGPSignature> self = selfSignature();
    if (self.isEmpty()) {
      return List.of();
    }
    List<PgpSigner> found = new ArrayList<>();
    if (primary.getKeyID() == keyId && maySign(self.get())) {
      found.add(
          new PgpSigner(
              primary, self.get(), primary, self.get(), List.of(self.get()), revoked(primary)));
    }
    for (PGPPublicKey subkey : subkeys) {
      if (subkey.getKeyID() == keyId) {
        subkeySigner(subkey, self.get()).ifPresent(found::add);
      }
    }
    return found;
  }

  private Optional<PgpSigner> subkeySigner(PGPPublicKey subkey, PGPSignature self) {
    Optional<PGPSignature> binding =
        all(subkey.getSignaturesOfType(PGPSignature.SUBKEY_BINDING))
            .filter(each -> PgpCheck.of(each, primary).overSubkey(primary, subkey))
            .max(BY_AGE);
    if (binding.isEmpty() || !maySign(binding.get())) {
      return Optional.empty();
    }
    String revoked = revoked(primary).isEmpty() ? revoked(subkey) : revoked(primary);
    // Else somebody could take another's signing key for a subkey of his own.
    return PgpCheck.embedded(binding.get())
        .filter(each -> each.getSignatureType() == PGPSignature.PRIMARYKEY_BINDING)
        .filter(each -> PgpCheck.of(each, subkey).overSubkey(primary, subkey))
        .findFirst()
        .map(
            back ->
                new PgpSigner(
                    subkey,
                    binding.get(),
                    primary,
                    self,
                    List.of(self, binding.get(), back),
                    revoked));
  }

  /** What the owner says of the primary key: with the main user id, or else with the last one. */
  private Optional<PGPSignature> selfSignature() {
    List<PGPSignature> found = new ArrayList<>();
    for (Iterator<byte[]> ids = primary.getRawUserIDs(); ids.hasNext(); ) {
      selfSignature(ids.next()).ifPresent(found::add);
    }
    Optional<PGPSignature> main =
        found.stream().filter(each -> each.getHashedSubPackets().isPrimaryUserID()).max(BY_AGE);
    if (main.isPresent()) {
      return main;
    }
    return found.isEmpty()
        ? all(primary.getSignaturesOfType(PGPSignature.DIRECT_KEY))
            .filter(each -> PgpCheck.of(each, primary).overKey(primary))
            .max(BY_AGE)
        : found.stream().max(BY_AGE);
  }

  /** The last that the owner says of a user id; empty if it is that the id is none any more. */
  private Optional<PGPSignature> selfSignature(byte[] userId) {
    return all(primary.getSignaturesForID(userId))
        .filter(
            each ->
                each.isCertification()
                    || each.getSignatureType() == PGPSignature.CERTIFICATION_REVOCATION)
        .filter(each -> PgpCheck.of(each, primary).overUserId(userId, primary))
        .max(BY_AGE)
        .filter(PGPSignature::isCertification);
  }

  private String revoked(PGPPublicKey key) {
    boolean own = key.isMasterKey();
    int type = own ? PGPSignature.KEY_REVOCATION : PGPSignature.SUBKEY_REVOCATION;
    return all(key.getSignaturesOfType(type))
        .filter(
            each ->
                own
                    ? PgpCheck.of(each, primary).overKey(key)
                    : PgpCheck.of(each, primary).overSubkey(primary, key))
        .findFirst()
        .map(PgpCertificate::reason)
        .orElse("");
  }

  private static String reason(PGPSignature revocation) {
    RevocationReason reason = revocation.getHashedSubPackets().getRevocationReason();
    String text = reason == null ? "" : reason.getRevocationDescription();
    return text.isEmpty() ? "key revoked" : "key revoked: " + text;
  }

  private static boolean maySign(PGPSignature binding) {
    return (binding.getHashedSubPackets().getKeyFlags() & KeyFlags.SIGN_DATA) != 0;
  }

  private static Stream<PGPSignature> all(Iterator<PGPSignature> signatures) {
    List<PGPSignature> list = new ArrayList<>();
    if (signatures != null) {
      signatures.forEachRemaining(list::add);
    }
    return list.stream();
  }
}
