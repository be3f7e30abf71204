package dev.kiln.daemon.source.signature;

import java.math.BigInteger;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.RSADigestSigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;

/**
 * How keys of a type sign: RFC 8709 (Ed25519), RFC 8332 (RSA), RFC 5656 (ECDSA), and OpenSSH's
 * PROTOCOL.u2f for keys in a token. Immutable.
 *
 * @param plain the type of the key itself, without the token that holds it
 * @param inToken whether a token signs, which puts a counter of its own beside the content
 */
record SshAlgorithm(String plain, boolean inToken) {
  private static final String RSA = "ssh-rsa";
  private static final String ED25519 = "ssh-ed25519";
  private static final String P256 = "ecdsa-sha2-nistp256";
  private static final int TOKEN_FIELDS_BYTES = 5;

  static SshAlgorithm of(String type) throws BadSignatureException {
    return switch (type) {
      case RSA, ED25519, P256, "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521" ->
          new SshAlgorithm(type, false);
      case "sk-ssh-ed25519@openssh.com" -> new SshAlgorithm(ED25519, true);
      case "sk-ecdsa-sha2-nistp256@openssh.com" -> new SshAlgorithm(P256, true);
      default -> throw new BadSignatureException("unsupported type of ssh public key: " + type);
    };
  }

  boolean verifies(SshPublicKey key, byte[] signed, byte[] signature) throws BadSignatureException {
    SshReader in = new SshReader(signature);
    String algorithm = in.text();
    byte[] value = in.string();
    boolean fits =
        plain.equals(RSA) ? algorithm.startsWith("rsa-sha2-") : algorithm.equals(key.type());
    if (!fits) {
      throw new BadSignatureException(
          "failed to verify ssh signature: a key of type "
              + key.type()
              + " does not sign by "
              + algorithm);
    }
    byte[] content = signed;
    if (inToken) {
      content = besideCounter(key, in.bytes(TOKEN_FIELDS_BYTES), signed);
    }
    in.end();
    try {
      Signer signer = signer(algorithm);
      signer.init(false, parameters(key));
      signer.update(content, 0, content.length);
      return signer.verifySignature(plain.startsWith("ecdsa") ? der(value) : value);
    } catch (RuntimeException e) {
      throw new BadSignatureException("failed to verify ssh signature: " + e.getMessage(), e);
    }
  }

  private Signer signer(String algorithm) throws BadSignatureException {
    return switch (plain) {
      case ED25519 -> new Ed25519Signer();
      case P256 -> ecdsa(new SHA256Digest());
      case "ecdsa-sha2-nistp384" -> ecdsa(new SHA384Digest());
      case "ecdsa-sha2-nistp521" -> ecdsa(new SHA512Digest());
      default ->
          switch (algorithm) {
            case "rsa-sha2-256" -> new RSADigestSigner(new SHA256Digest());
            case "rsa-sha2-512" -> new RSADigestSigner(new SHA512Digest());
            default ->
                throw new BadSignatureException(
                    "failed to verify ssh signature: unsupported algorithm " + algorithm);
          };
    };
  }

  private static Signer ecdsa(Digest digest) {
    return new DSADigestSigner(new ECDSASigner(), digest, StandardDSAEncoding.INSTANCE);
  }

  /** The two numbers of an ECDSA signature in the encoding that the signer reads. */
  private static byte[] der(byte[] value) throws BadSignatureException {
    SshReader in = new SshReader(value);
    BigInteger r = new BigInteger(in.string());
    BigInteger s = new BigInteger(in.string());
    in.end();
    if (r.signum() <= 0 || s.signum() <= 0) {
      throw new BadSignatureException("failed to verify ssh signature: a number is not positive");
    }
    try {
      return StandardDSAEncoding.INSTANCE.encode(r.max(s).add(BigInteger.ONE), r, s);
    } catch (java.io.IOException e) {
      throw new BadSignatureException("failed to verify ssh signature: " + e.getMessage(), e);
    }
  }

  private AsymmetricKeyParameter parameters(SshPublicKey key) throws BadSignatureException {
    return OpenSSHPublicKeyUtil.parsePublicKey(inToken ? withoutToken(key) : key.blob());
  }

  private byte[] withoutToken(SshPublicKey key) throws BadSignatureException {
    SshReader in = new SshReader(key.blob());
    in.text();
    SshWriter out = new SshWriter().text(plain);
    if (plain.equals(P256)) {
      out.string(in.string());
    }
    return out.string(in.string()).bytes();
  }

  private byte[] besideCounter(SshPublicKey key, byte[] fields, byte[] signed)
      throws BadSignatureException {
    SshReader in = new SshReader(key.blob());
    in.text();
    if (plain.equals(P256)) {
      in.string();
    }
    in.string();
    byte[] application = in.string();
    return new SshWriter()
        .raw(SshPublicKey.sha256(application))
        .raw(fields)
        .raw(SshPublicKey.sha256(signed))
        .bytes();
  }
}
