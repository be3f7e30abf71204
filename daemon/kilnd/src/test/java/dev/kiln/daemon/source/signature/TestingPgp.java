package dev.kiln.daemon.source.signature;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPair;

/** OpenPGP keys for tests, and signatures by them. */
public final class TestingPgp {
  private static final Date MADE = Date.from(Instant.parse("2020-01-01T00:00:00Z"));

  private TestingPgp() {}

  /** A new key. */
  public static PGPKeyPair key() throws Exception {
    Ed25519KeyPairGenerator generator = new Ed25519KeyPairGenerator();
    generator.init(new Ed25519KeyGenerationParameters(new SecureRandom()));
    return new BcPGPKeyPair(
        4, PublicKeyAlgorithmTags.EDDSA_LEGACY, generator.generateKeyPair(), MADE);
  }

  /** A signature of a type, in its text form. */
  public static String sign(byte[] content, PGPKeyPair key, int type) throws Exception {
    PGPSignatureGenerator generator = new PGPSignatureGenerator(signer(), key.getPublicKey());
    generator.init(type, key.getPrivateKey());
    generator.update(content);
    PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
    hashed.setSignatureCreationTime(false, MADE);
    hashed.setIssuerFingerprint(false, key.getPublicKey());
    hashed.setIssuerKeyID(false, key.getKeyID());
    generator.setHashedSubpackets(hashed.generate());
    return armored(generator.generate().getEncoded());
  }

  /** The text form of packets. */
  public static String armored(byte[] packets) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ArmoredOutputStream armor = new ArmoredOutputStream(bytes)) {
      armor.write(packets);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** What an owner says of a key that may be used so. */
  public static PGPSignatureSubpacketVector flags(int flags) {
    PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
    hashed.setKeyFlags(true, flags);
    return hashed.generate();
  }

  /** By which the keys sign. */
  public static BcPGPContentSignerBuilder signer() {
    return new BcPGPContentSignerBuilder(
        PublicKeyAlgorithmTags.EDDSA_LEGACY, HashAlgorithmTags.SHA256);
  }

  /** A key ring whose owner's key has these uses. */
  public static PGPKeyRingGenerator ring(PGPKeyPair primary, int uses) throws Exception {
    return new PGPKeyRingGenerator(
        PGPSignature.POSITIVE_CERTIFICATION,
        primary,
        "me <me@localhost>",
        new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1),
        flags(uses),
        null,
        signer(),
        null);
  }

  /** The public keys of a ring in their text form. */
  public static String armored(PGPKeyRingGenerator ring) throws IOException {
    return armored(ring.generatePublicKeyRing().getEncoded());
  }
}
