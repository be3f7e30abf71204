package dev.kiln.daemon.source.http;

import dev.kiln.daemon.source.signature.BadSignatureException;
import dev.kiln.daemon.source.signature.DetachedSignature;
import dev.kiln.daemon.source.signature.SignaturePolicy;
import dev.kiln.daemon.source.signature.SignedContent;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An OpenPGP signature that a download must bear out (llb.md, section 4, {@code http.sig.*}).
 *
 * @param publicKeys armored
 * @param text armored
 */
record HttpSignature(String publicKeys, String text) {

  /**
   * What a source wants; null if anything will do.
   *
   * @throws IOException if there is a key without signature or a signature without key
   */
  static @Nullable HttpSignature read(SourceOp source) throws IOException {
    String key = source.getAttrsOrDefault("http.sig.pubkey", "");
    String signature = source.getAttrsOrDefault("http.sig.signature", "");
    if (key.isEmpty() != signature.isEmpty()) {
      throw new IOException("http signature verification requires both pubkey and signature");
    }
    return key.isEmpty() ? null : new HttpSignature(key, signature);
  }

  /**
   * Returns if the content is what was signed.
   *
   * @throws IOException if it is not, or cannot be read
   */
  void check(SignedContent content) throws IOException {
    try {
      DetachedSignature.parsePgp(text.getBytes(StandardCharsets.UTF_8))
          .verify(
              content,
              publicKeys.getBytes(StandardCharsets.UTF_8),
              new SignaturePolicy(false, Instant.now()));
    } catch (BadSignatureException e) {
      throw new IOException("failed to verify pgp signature: " + e.getMessage(), e);
    }
  }
}
