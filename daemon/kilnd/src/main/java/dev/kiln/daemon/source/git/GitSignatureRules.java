package dev.kiln.daemon.source.git;

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
 * By whom a commit, or the tag that stands for it, must be signed (llb.md, section 4, {@code
 * git.sig.*}). A tag's signature is enough; without a good one the commit's own counts.
 *
 * @param publicKeys OpenPGP keys or an SSH key, as text
 * @param rejectExpired whether a key that has expired since is refused
 * @param requireSignedTag whether the commit's own signature is not enough
 * @param ignoreSignedTag whether the tag's signature does not count
 */
record GitSignatureRules(
    String publicKeys, boolean rejectExpired, boolean requireSignedTag, boolean ignoreSignedTag) {
  private static final String PREFIX = "git.sig.";

  /** The rules of a source; null if any commit will do. */
  static @Nullable GitSignatureRules read(SourceOp source) {
    if (source.getAttrsMap().keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
      return null;
    }
    return new GitSignatureRules(
        source.getAttrsOrDefault(PREFIX + "pubkey", ""),
        flag(source, "rejectexpired"),
        flag(source, "requiresignedtag"),
        flag(source, "ignoresignedtag"));
  }

  private static boolean flag(SourceOp source, String name) {
    return source.getAttrsOrDefault(PREFIX + name, "").equals("true");
  }

  /**
   * Makes sure that the objects are those of the commit, and signed as the rules want it.
   *
   * @throws BadSignatureException if they are not
   */
  void check(GitCommit commit, GitObjects objects, Instant now) throws IOException {
    boolean tagged = objects.tag().length > 0;
    BadSignatureException badTag = null;
    if (tagged && !ignoreSignedTag) {
      GitObject tag = GitObject.tag(objects.tag());
      tag.checkHash(commit.checksum());
      try {
        checkSignature(tag, now);
        return;
      } catch (BadSignatureException e) {
        badTag = e;
      }
    }
    if (requireSignedTag) {
      throw badTag != null
          ? badTag
          : new BadSignatureException("signed tag required but no signed tag found");
    }
    GitObject object = GitObject.commit(objects.commit());
    object.checkHash(tagged ? objects.commitChecksum() : commit.checksum());
    checkSignature(object, now);
  }

  private void checkSignature(GitObject object, Instant now) throws IOException {
    if (object.signature().length == 0) {
      throw new BadSignatureException("git object is not signed");
    }
    DetachedSignature.parse(object.signature())
        .verify(
            SignedContent.of(object.signed()),
            publicKeys.getBytes(StandardCharsets.UTF_8),
            new SignaturePolicy(rejectExpired, now));
  }
}
