package dev.kiln.daemon.source.signature;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;

/** The OpenPGP keys that came with a request. Immutable once read. */
record PgpKeys(List<PgpCertificate> certificates) {
  PgpKeys {
    certificates = List.copyOf(certificates);
  }

  /**
   * Reads one or several armored blocks.
   *
   * @throws BadSignatureException if a block holds no keys, or none of the keys is any good
   */
  static PgpKeys parse(byte[] text) throws BadSignatureException {
    List<PgpCertificate> found = new ArrayList<>();
    try {
      for (PgpArmor block : PgpArmor.blocks(text)) {
        if (!block.type().equals("PGP PUBLIC KEY BLOCK")
            && !block.type().equals("PGP PRIVATE KEY BLOCK")) {
          throw new BadSignatureException(
              "expected public or private key block, got: " + block.type());
        }
        read(block, found);
      }
    } catch (BadSignatureException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new BadSignatureException("failed to read armored public key: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new BadSignatureException("failed to read armored public key: no armored data found");
    }
    return new PgpKeys(found);
  }

  private static void read(PgpArmor block, List<PgpCertificate> into) throws IOException {
    BcPGPObjectFactory packets = new BcPGPObjectFactory(block.packets());
    for (Object each = packets.nextObject(); each != null; each = packets.nextObject()) {
      switch (each) {
        case PGPPublicKeyRing ring -> into.add(PgpCertificate.of(ring));
        case PGPSecretKeyRing ring -> into.add(PgpCertificate.of(ring.toCertificate()));
        default -> throw new IOException("it holds something other than keys");
      }
    }
  }

  /** The keys with that id whose owners let them sign. */
  List<PgpSigner> signers(long keyId) {
    return certificates.stream().flatMap(each -> each.signers(keyId).stream()).toList();
  }
}
