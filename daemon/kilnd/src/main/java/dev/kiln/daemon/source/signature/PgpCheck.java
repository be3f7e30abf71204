package dev.kiln.daemon.source.signature;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * Whether a key made a signature over something. A malformed signature is over nothing. For one
 * thread, since the signature keeps the state of its check.
 *
 * @param key that is said to have made it
 */
record PgpCheck(PGPSignature signature, PGPPublicKey key) {
  /** Of signatures that count. */
  static final int OLDEST_VERSION = 4;

  private static final int CHUNK_BYTES = 32 << 10;

  static PgpCheck of(PGPSignature signature, PGPPublicKey key) {
    return new PgpCheck(signature, key);
  }

  /** Something of the signature that may fail because what it is made of is malformed. */
  @FunctionalInterface
  private interface Step {
    boolean holds() throws PGPException;
  }

  private boolean holds(Step step) {
    // MD5 and its like let somebody else make a signature that fits. What is older than version 4
    // cannot say for what it was made.
    if (signature.getKeyID() != key.getKeyID()
        || signature.getVersion() < OLDEST_VERSION
        || signature.getHashAlgorithm() == HashAlgorithmTags.MD5
        || signature.getHashAlgorithm() == HashAlgorithmTags.RIPEMD160) {
      return false;
    }
    try {
      signature.init(new BcPGPContentVerifierBuilderProvider(), key);
      return step.holds();
    } catch (PGPException | RuntimeException e) {
      return false;
    }
  }

  boolean overKey(PGPPublicKey other) {
    return holds(() -> signature.verifyCertification(other));
  }

  boolean overSubkey(PGPPublicKey primary, PGPPublicKey subkey) {
    return holds(() -> signature.verifyCertification(primary, subkey));
  }

  boolean overUserId(byte[] userId, PGPPublicKey primary) {
    return holds(() -> signature.verifyCertification(userId, primary));
  }

  boolean overContent(SignedContent content) throws IOException {
    try (InputStream in = content.open()) {
      if (!holds(() -> true)) {
        return false;
      }
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        signature.update(chunk, 0, count);
      }
    }
    try {
      return signature.verify();
    } catch (PGPException | RuntimeException e) {
      return false;
    }
  }

  /** The signatures inside a signature. */
  static Stream<PGPSignature> embedded(PGPSignature signature) {
    return Stream.of(signature.getHashedSubPackets(), signature.getUnhashedSubPackets())
        .flatMap(
            each -> {
              try {
                return StreamSupport.stream(each.getEmbeddedSignatures().spliterator(), false);
              } catch (PGPException | RuntimeException e) {
                return Stream.empty();
              }
            });
  }
}
