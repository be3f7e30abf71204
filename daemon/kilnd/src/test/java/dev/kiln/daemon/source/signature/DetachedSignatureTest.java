package dev.kiln.daemon.source.signature;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPSignature;
import org.junit.jupiter.api.Test;

/** Signatures that the usual tools do not make; those that they do are tried with git's objects. */
final class DetachedSignatureTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
  private static final String TOKEN_TYPE = "sk-ssh-ed25519@openssh.com";

  private static void verify(String signature, String keys) throws IOException {
    DetachedSignature.parse(signature.getBytes(StandardCharsets.UTF_8))
        .verify(
            SignedContent.of(CONTENT),
            keys.getBytes(StandardCharsets.UTF_8),
            new SignaturePolicy(false, NOW));
  }

  private static void assertRefused(String why, String signature, String keys) {
    assertThatThrownBy(() -> verify(signature, keys))
        .isInstanceOf(BadSignatureException.class)
        .hasMessageContaining(why);
  }

  private static Ed25519PrivateKeyParameters ed25519() {
    Ed25519KeyPairGenerator generator = new Ed25519KeyPairGenerator();
    generator.init(new Ed25519KeyGenerationParameters(new SecureRandom()));
    return (Ed25519PrivateKeyParameters) generator.generateKeyPair().getPrivate();
  }

  private static byte[] sha(String algorithm, byte[] bytes) throws Exception {
    return MessageDigest.getInstance(algorithm).digest(bytes);
  }

  /** What a token with an Ed25519 key would make of the content. */
  private static String byToken(Ed25519PrivateKeyParameters key, byte[] blob) throws Exception {
    byte[] fields = {1, 0, 0, 0, 7};
    SshWriter head =
        new SshWriter()
            .raw("SSHSIG".getBytes(StandardCharsets.US_ASCII))
            .text("git")
            .text("")
            .text("sha512")
            .string(sha("SHA-512", CONTENT));
    byte[] signed =
        new SshWriter()
            .raw(sha("SHA-256", "ssh:".getBytes(StandardCharsets.US_ASCII)))
            .raw(fields)
            .raw(sha("SHA-256", head.bytes()))
            .bytes();
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, key);
    signer.update(signed, 0, signed.length);
    byte[] value =
        new SshWriter().text(TOKEN_TYPE).string(signer.generateSignature()).raw(fields).bytes();
    byte[] all =
        new SshWriter()
            .raw("SSHSIG".getBytes(StandardCharsets.US_ASCII))
            .raw(new byte[] {0, 0, 0, 1})
            .string(blob)
            .text("git")
            .text("")
            .text("sha512")
            .string(value)
            .bytes();
    return SshSignature.BEGIN
        + "\n"
        + Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(all)
        + "\n-----END SSH SIGNATURE-----\n";
  }

  private static byte[] tokenKey(Ed25519PrivateKeyParameters key) {
    return new SshWriter()
        .text(TOKEN_TYPE)
        .string(key.generatePublicKey().getEncoded())
        .text("ssh:")
        .bytes();
  }

  @Test
  void tokenSignsWithItsCounter() throws Exception {
    Ed25519PrivateKeyParameters key = ed25519();
    byte[] blob = tokenKey(key);
    String line = TOKEN_TYPE + " " + Base64.getEncoder().encodeToString(blob) + " me@here";
    String signature = byToken(key, blob);
    verify(signature, "# mine\n\n" + line);
    verify(signature, "command=\"echo \\\"a b\\\"\",no-pty " + line);
    assertRefused("it is not over this content", byToken(ed25519(), blob), line);
  }

  @Test
  void whatIsNoSignatureIsRefused() {
    assertRefused("invalid signature format", "signed, me", "");
    assertRefused("failed to decode ssh signature PEM block", SshSignature.BEGIN + "\nAAAA", "");
    String end = "\n-----END SSH SIGNATURE-----";
    assertRefused("ends too early", SshSignature.BEGIN + "\nU1NI" + end, "");
    assertRefused("failed to parse ssh signature", SshSignature.BEGIN + "\n(((" + end, "");
    assertRefused("failed to decode armored signature", PgpSignature.BEGIN + "\n\nAAAA", "");
    String pgpEnd = "\n-----END PGP SIGNATURE-----";
    assertRefused("no signature packet found", PgpSignature.BEGIN + "\n\n" + pgpEnd, "");
  }

  @Test
  void keySignsOnlyIfItsOwnerLetsIt() throws Exception {
    PGPKeyPair key = TestingPgp.key();
    String signature = TestingPgp.sign(CONTENT, key, PGPSignature.BINARY_DOCUMENT);
    verify(
        signature,
        TestingPgp.armored(TestingPgp.ring(key, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA)));
    assertRefused(
        "signature made by unknown entity",
        signature,
        TestingPgp.armored(TestingPgp.ring(key, KeyFlags.CERTIFY_OTHER)));
  }

  @Test
  void subkeyThatDidNotAgreeToItsOwnerSignsNothing() throws Exception {
    PGPKeyPair subkey = TestingPgp.key();
    String signature = TestingPgp.sign(CONTENT, subkey, PGPSignature.BINARY_DOCUMENT);
    PGPKeyRingGenerator own = TestingPgp.ring(TestingPgp.key(), KeyFlags.CERTIFY_OTHER);
    own.addSubKey(subkey, TestingPgp.flags(KeyFlags.SIGN_DATA), null, TestingPgp.signer());
    verify(signature, TestingPgp.armored(own));
    PGPKeyRingGenerator taken = TestingPgp.ring(TestingPgp.key(), KeyFlags.CERTIFY_OTHER);
    taken.addSubKey(subkey, TestingPgp.flags(KeyFlags.SIGN_DATA), null);
    assertRefused("signature made by unknown entity", signature, TestingPgp.armored(taken));
  }

  @Test
  void signatureMustBeOverADocument() throws Exception {
    PGPKeyPair key = TestingPgp.key();
    String keys = TestingPgp.armored(TestingPgp.ring(key, KeyFlags.SIGN_DATA));
    assertRefused(
        "it is not over a document", TestingPgp.sign(CONTENT, key, PGPSignature.TIMESTAMP), keys);
    verify(TestingPgp.sign(CONTENT, key, PGPSignature.CANONICAL_TEXT_DOCUMENT), keys);
  }

  @Test
  void severalSignaturesCountByTheOneWhoseKeyIsKnown() throws Exception {
    PGPKeyPair known = TestingPgp.key();
    String both =
        TestingPgp.armored(
            Bytes.concat(
                packets(TestingPgp.sign(CONTENT, TestingPgp.key(), PGPSignature.BINARY_DOCUMENT)),
                packets(TestingPgp.sign(CONTENT, known, PGPSignature.BINARY_DOCUMENT))));
    verify(both, TestingPgp.armored(TestingPgp.ring(known, KeyFlags.SIGN_DATA)));
  }

  private static byte[] packets(String armored) throws IOException {
    return PgpArmor.blocks(armored.getBytes(StandardCharsets.ISO_8859_1)).getFirst().packets();
  }

  /** A signature packet of version 6 that claims to hold two gigabytes more than it does. */
  @Test
  void lengthsAreNotBelieved() throws Exception {
    byte[] packet = {(byte) 0xc2, 8, 6, 0, 27, 8, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xf0};
    String keys = TestingPgp.armored(TestingPgp.ring(TestingPgp.key(), KeyFlags.SIGN_DATA));
    assertRefused("failed to decode armored signature", TestingPgp.armored(packet), keys);
  }

  @Test
  void textThatIsNoKeyIsRefused() throws Exception {
    String signature = TestingPgp.sign(CONTENT, TestingPgp.key(), PGPSignature.BINARY_DOCUMENT);
    assertRefused("expected public or private key block", signature, signature);
    assertRefused("failed to read armored public key", signature, "");
    String key = TestingPgp.armored(TestingPgp.ring(TestingPgp.key(), KeyFlags.SIGN_DATA));
    String broken = key.substring(0, key.length() / 2) + "\n-----END PGP PUBLIC KEY BLOCK-----\n";
    assertRefused("failed to read armored public key", signature, broken);
  }
}
