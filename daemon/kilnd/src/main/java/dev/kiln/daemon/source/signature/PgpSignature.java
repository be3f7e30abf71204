package dev.kiln.daemon.source.signature;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;

/**
 * An OpenPGP signature (RFC 9580), possibly with others by other keys.
 *
 * @param all at least one
 */
record PgpSignature(List<PGPSignature> all) implements DetachedSignature {
  static final String BEGIN = "-----BEGIN PGP SIGNATURE-----";

  /** How much the clock of who signed may be ahead. */
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  PgpSignature {
    all = List.copyOf(all);
  }

  static PgpSignature parse(byte[] text) throws BadSignatureException {
    List<PGPSignature> found = new ArrayList<>();
    try {
      List<PgpArmor> blocks = PgpArmor.blocks(text);
      if (blocks.isEmpty()) {
        throw new IOException("it has no end");
      }
      BcPGPObjectFactory packets = new BcPGPObjectFactory(blocks.getFirst().packets());
      for (Object each = packets.nextObject(); each != null; each = packets.nextObject()) {
        if (!(each instanceof PGPSignatureList signatures)) {
          throw new IOException("it holds something other than signatures");
        }
        signatures.forEach(found::add);
      }
    } catch (IOException | RuntimeException e) {
      throw new BadSignatureException("failed to decode armored signature: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new BadSignatureException("no signature packet found");
    }
    return new PgpSignature(found);
  }

  @Override
  public void verify(SignedContent content, byte[] publicKeys, SignaturePolicy policy)
      throws IOException {
    PgpKeys keys = PgpKeys.parse(publicKeys);
    for (PGPSignature each : all) {
      List<PgpSigner> signers = keys.signers(each.getKeyID());
      if (!signers.isEmpty()) {
        verify(each, signers, content, policy);
        return;
      }
    }
    throw failed(all.getFirst(), "signature made by unknown entity");
  }

  private static void verify(
      PGPSignature signature,
      List<PgpSigner> signers,
      SignedContent content,
      SignaturePolicy policy)
      throws IOException {
    checkKind(signature);
    for (PgpSigner signer : signers) {
      if (PgpCheck.of(signature, signer.key()).overContent(content)) {
        try {
          checkTrust(signature, signer, policy);
        } catch (BadSignatureException e) {
          throw failed(signature, String.valueOf(e.getMessage()));
        }
        return;
      }
    }
    throw failed(signature, "invalid signature: it is not over this content");
  }

  private static void checkKind(PGPSignature signature) throws BadSignatureException {
    if (signature.getVersion() < PgpCheck.OLDEST_VERSION) {
      throw failed(signature, "unsupported version " + signature.getVersion());
    }
    switch (signature.getSignatureType()) {
      case PGPSignature.BINARY_DOCUMENT, PGPSignature.CANONICAL_TEXT_DOCUMENT -> {}
      default -> throw failed(signature, "it is not over a document");
    }
    switch (signature.getHashAlgorithm()) {
      case HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA384, HashAlgorithmTags.SHA512 -> {}
      default ->
          throw failed(
              signature, "rejecting weak/unknown hash: algorithm " + signature.getHashAlgorithm());
    }
    switch (signature.getKeyAlgorithm()) {
      case PublicKeyAlgorithmTags.EDDSA_LEGACY,
          PublicKeyAlgorithmTags.ECDSA,
          PublicKeyAlgorithmTags.RSA_GENERAL,
          PgpSigner.RSA_SIGN_ONLY -> {}
      default ->
          throw failed(
              signature, "rejecting unsupported pubkey algorithm: " + signature.getKeyAlgorithm());
    }
  }

  private static void checkTrust(PGPSignature signature, PgpSigner signer, SignaturePolicy policy)
      throws BadSignatureException {
    Instant made = signature.getCreationTime().toInstant();
    if (made.isAfter(policy.now().plus(TOLERANCE))) {
      throw new BadSignatureException("signature creation time is in the future: " + made);
    }
    PgpSubpackets.checkUnderstood(signature);
    // A key that is made after what it signs proves nothing, whatever the policy.
    signer.checkAt(made);
    PgpSubpackets.checkExpiry(signature, policy.rejectExpiredKeys() ? policy.now() : made);
    if (policy.rejectExpiredKeys()) {
      signer.checkAt(policy.now());
    }
  }

  private static BadSignatureException failed(PGPSignature signature, String why) {
    String id = Long.toHexString(signature.getKeyID()).toUpperCase(Locale.ROOT);
    return new BadSignatureException("signature by " + id + ": " + why);
  }
}
