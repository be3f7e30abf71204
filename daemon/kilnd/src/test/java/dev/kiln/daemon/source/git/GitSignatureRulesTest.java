package dev.kiln.daemon.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.daemon.source.signature.BadSignatureException;
import dev.kiln.daemon.source.signature.DetachedSignature;
import dev.kiln.daemon.source.signature.SignaturePolicy;
import dev.kiln.daemon.source.signature.SignedContent;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Signatures that git made with gpg and ssh-keygen; the table is {@code signed/cases.txt}. */
final class GitSignatureRulesTest {
  private static final Instant NOW = Instant.parse("2027-06-01T00:00:00Z");
  private static final byte[] NO_TAG = {};

  private static GitSignatureRules rules(String... keys) throws IOException {
    return new GitSignatureRules(SignedObjects.keys(List.of(keys)), false, false, false);
  }

  private static GitSignatureRules tagOnly(String... keys) throws IOException {
    return new GitSignatureRules(SignedObjects.keys(List.of(keys)), false, true, false);
  }

  private static GitSignatureRules commitOnly(String... keys) throws IOException {
    return new GitSignatureRules(SignedObjects.keys(List.of(keys)), false, false, true);
  }

  /** What the rules say of a commit. */
  private static void check(GitSignatureRules rules, String commit) throws IOException {
    rules.check(
        GitCommit.ofHash(SignedObjects.hash(commit)),
        new GitObjects("", SignedObjects.object(commit), NO_TAG),
        NOW);
  }

  /** What the rules say of a tag of a commit. */
  private static void check(GitSignatureRules rules, String tag, String commit) throws IOException {
    String hash = SignedObjects.hash(commit);
    rules.check(
        new GitCommit("refs/tags/v1", SignedObjects.hash(tag), hash),
        new GitObjects(hash, SignedObjects.object(commit), SignedObjects.object(tag)),
        NOW);
  }

  private static void assertRefused(String why, ThrowingCallable check) {
    assertThatThrownBy(check).isInstanceOf(BadSignatureException.class).hasMessageContaining(why);
  }

  static Stream<String> cases() throws IOException {
    return SignedObjects.lines("cases.txt").stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void signatureIsTakenForWhatItIs(String line) throws IOException {
    String[] part = line.split(" +", 4);
    String keys = part[1].equals("none") ? "" : SignedObjects.keys(List.of(part[1].split(",")));
    boolean tag = part[0].endsWith(".tag");
    GitSignatureRules rules =
        new GitSignatureRules(keys, part[2].equals("rejectexpired"), tag, false);
    ThrowingCallable check =
        () -> {
          if (tag) {
            check(rules, part[0], "unsigned.commit");
          } else {
            check(rules, part[0]);
          }
        };
    if (part.length < 4 || part[3].isBlank()) {
      assertThatCode(check).doesNotThrowAnyException();
    } else {
      assertRefused(part[3], check);
    }
  }

  @Test
  void goodTagIsEnoughForACommitThatNobodySigned() throws IOException {
    check(rules("ed25519.asc"), "ed25519.tag", "unsigned.commit");
    check(tagOnly("ssh-ed25519.pub"), "ssh-ed25519.tag", "unsigned.commit");
  }

  @Test
  void goodCommitIsEnoughUnlessTheTagMustBeSigned() throws IOException {
    check(rules("ecdsa.asc"), "ed25519.tag", "ecdsa.commit");
    check(rules("ecdsa.asc"), "unsigned.tag", "ecdsa.commit");
    assertRefused(
        "signature made by unknown entity",
        () -> check(tagOnly("ecdsa.asc"), "ed25519.tag", "ecdsa.commit"));
    assertRefused(
        "git object is not signed",
        () -> check(tagOnly("ecdsa.asc"), "unsigned.tag", "ecdsa.commit"));
    assertRefused(
        "signed tag required but no signed tag found",
        () -> check(tagOnly("ecdsa.asc"), "ecdsa.commit"));
  }

  @Test
  void tagDoesNotCountWhenItIsToBeIgnored() throws IOException {
    check(commitOnly("ecdsa.asc"), "ed25519.tag", "ecdsa.commit");
    assertRefused(
        "git object is not signed",
        () -> check(commitOnly("ed25519.asc"), "ed25519.tag", "unsigned.commit"));
  }

  @Test
  void otherObjectThanTheResolvedOneIsRefused() {
    assertRefused(
        "commit object checksum mismatch",
        () ->
            rules("ed25519.asc")
                .check(
                    GitCommit.ofHash(SignedObjects.hash("ecdsa.commit")),
                    new GitObjects("", SignedObjects.object("ed25519.commit"), NO_TAG),
                    NOW));
  }

  /** Whatever byte of an object changes, what is signed or the signature is not the same. */
  @ParameterizedTest
  @MethodSource("signed")
  void changedObjectIsRefused(String name, String key) throws IOException {
    byte[] raw = SignedObjects.object(name);
    Random random = new Random(name.hashCode());
    int signature = new String(raw, StandardCharsets.ISO_8859_1).indexOf("-----BEGIN");
    for (int round = 0; round < 40; round++) {
      byte[] changed = raw.clone();
      // Before the signature, where every bit matters.
      changed[random.nextInt(signature - "gpgsig ".length())] ^= 1;
      assertThatThrownBy(() -> verify(name, changed, key))
          .isInstanceOf(BadSignatureException.class);
    }
    String text = new String(raw, StandardCharsets.ISO_8859_1);
    byte[] longer =
        text.replaceFirst("committer|tagger", "$0 other").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(longer).isNotEqualTo(raw);
    assertThatThrownBy(() -> verify(name, longer, key)).isInstanceOf(BadSignatureException.class);
  }

  static Stream<Arguments> signed() {
    return Stream.of(
            "ed25519.commit ed25519.asc",
            "ed25519.tag ed25519.asc",
            "rsa-subkey.commit rsa.asc",
            "ssh-rsa.commit ssh-rsa.pub",
            "ssh-ecdsa.commit ssh-ecdsa.pub",
            "ssh-ed25519.tag ssh-ed25519.pub")
        .map(line -> line.split(" "))
        .map(Arguments::of);
  }

  private static void verify(String name, byte[] raw, String key) throws IOException {
    boolean tag = name.endsWith(".tag");
    GitObject object = tag ? GitObject.tag(raw) : GitObject.commit(raw);
    DetachedSignature.parse(object.signature())
        .verify(
            SignedContent.of(object.signed()),
            SignedObjects.read("keys/" + key),
            new SignaturePolicy(false, NOW));
  }

  /** Repositories are made by strangers: nothing in them may end in another error than this one. */
  @ParameterizedTest
  @MethodSource("signed")
  void malformedObjectsAndKeysAreRefusedLikeOthers(String name, String key) throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] keys = SignedObjects.read("keys/" + key);
    for (int round = 0; round < 300; round++) {
      byte[] raw = mutated(SignedObjects.object(name), random);
      byte[] mutatedKeys = round % 2 == 0 ? keys : mutated(keys, random);
      try {
        GitObject object = name.endsWith(".tag") ? GitObject.tag(raw) : GitObject.commit(raw);
        DetachedSignature.parse(object.signature())
            .verify(SignedContent.of(object.signed()), mutatedKeys, new SignaturePolicy(true, NOW));
      } catch (BadSignatureException e) {
        assertThat(e).as("seed %d, round %d", seed, round).hasMessageNotContaining("Exception");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
  }

  /** The same text without its checksum and with a few characters of base64 changed. */
  private static byte[] mutated(byte[] armored, Random random) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    String text = new String(armored, StandardCharsets.ISO_8859_1).replaceAll("\n ?=....\n", "\n");
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int start = Math.max(0, text.indexOf("-----BEGIN") + 40);
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = start + random.nextInt(bytes.length - start);
      if (alphabet.indexOf(bytes[at]) >= 0) {
        bytes[at] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
    }
    return bytes;
  }

  @Test
  void attributesOfASourceAreRead() {
    assertThat(GitSignatureRules.read(SourceOp.getDefaultInstance())).isNull();
    SourceOp source =
        SourceOp.newBuilder()
            .putAttrs("git.sig.pubkey", "a key")
            .putAttrs("git.sig.rejectexpired", "true")
            .putAttrs("git.sig.requiresignedtag", "false")
            .putAttrs("git.sig.ignoresignedtag", "true")
            .build();
    assertThat(GitSignatureRules.read(source))
        .isEqualTo(new GitSignatureRules("a key", true, false, true));
  }
}
