package dev.kiln.daemon.source.git;

import dev.kiln.daemon.source.BlobLocator;
import dev.kiln.dockerfile.llb.GitUrl;
import dev.kiln.solver.llb.SourceKeys;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a git source asks for (llb.md, section 4, {@code git.*}).
 *
 * @param remote what git is told
 * @param ref branch, tag or commit; empty for the default branch
 * @param subdir folder of the repository that is the result; empty for all
 * @param checksum start of the commit's hash, in hex; empty for any
 * @param mtime {@code commit} for the commit's time on all files
 * @param bundle where a bundle is to be had instead of the remote's objects; empty for the remote
 * @param checkoutBundle whether the result is a bundle file
 * @param signature by whom the commit must be signed; null for anybody or nobody
 */
record GitOptions(
    String remote,
    String ref,
    String subdir,
    boolean keepGitDir,
    String checksum,
    String tokenSecret,
    String headerSecret,
    String knownHosts,
    String sshId,
    boolean skipSubmodules,
    String mtime,
    boolean fetchByCommit,
    String bundle,
    String bundleSession,
    String bundleStore,
    boolean checkoutBundle,
    @Nullable GitSignatureRules signature) {
  private static final Pattern SCHEME = Pattern.compile("(?i)(?:https?|ssh|git)://.*");
  private static final Pattern SCP = Pattern.compile("[a-zA-Z0-9-_]+@[a-zA-Z0-9-.]+:.*");
  private static final Pattern HASH = Pattern.compile("[a-f0-9]{40}|[a-f0-9]{64}");
  private static final Pattern HEX = Pattern.compile("[a-fA-F0-9]+");

  static GitOptions read(String rest, SourceOp source) throws IOException {
    String address = isTransport(rest) ? rest : "https://" + rest;
    GitUrl url =
        GitUrl.parse(address)
            .orElseThrow(() -> new IOException("could not parse the git address " + rest));
    String full = attr(source, "git.fullurl");
    if (!full.isEmpty() && !isTransport(full)) {
      full = "https://" + full;
    }
    int colon = url.fragment().indexOf(':');
    GitOptions options =
        new GitOptions(
            full.isEmpty() ? url.remote() : full,
            colon < 0 ? url.fragment() : url.fragment().substring(0, colon),
            colon < 0 ? "" : cleaned(url.fragment().substring(colon + 1)),
            flag(source, "git.keepgitdir"),
            attr(source, "git.checksum"),
            attr(source, "git.authtokensecret"),
            attr(source, "git.authheadersecret"),
            attr(source, "git.knownsshhosts"),
            attr(source, "git.mountsshsock"),
            flag(source, "git.skipsubmodules"),
            attr(source, "git.mtime"),
            flag(source, "git.fetchbycommit"),
            attr(source, "git.bundle"),
            attr(source, "oci.session"),
            attr(source, "oci.store"),
            flag(source, "git.checkoutbundle"),
            GitSignatureRules.read(source));
    options.validate();
    return options;
  }

  private static String attr(SourceOp source, String key) {
    return source.getAttrsOrDefault(key, "");
  }

  private static boolean flag(SourceOp source, String key) {
    return attr(source, key).equals("true");
  }

  private static boolean isTransport(String text) {
    return SCHEME.matcher(text).matches() || SCP.matcher(text).matches();
  }

  private static String cleaned(String path) {
    Deque<String> kept = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        kept.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        kept.add(part);
      }
    }
    return String.join("/", kept);
  }

  private void validate() throws IOException {
    checkRef(ref);
    if (!bundle.isEmpty()) {
      BlobLocator.parse(bundle);
      if (checksum.isEmpty()) {
        throw new IOException("git.bundle requires git.checksum to be set");
      }
      if (isHash(ref)) {
        checkStart(ref);
      }
    }
    if (checkoutBundle && keepGitDir) {
      throw new IOException("git.checkoutbundle is incompatible with git.keepgitdir");
    }
    if (checkoutBundle && !subdir.isEmpty()) {
      throw new IOException("git.checkoutbundle is incompatible with git.subdir");
    }
  }

  /** Refuses what git would take for an option. */
  static void checkRef(String ref) throws IOException {
    if (ref.startsWith("-")) {
      throw new IOException("invalid git ref \"" + ref + "\"");
    }
  }

  /** Whether a text is the whole hash of an object. */
  static boolean isHash(String text) {
    return HASH.matcher(text).matches();
  }

  /** Refuses a hash that does not start as the wanted checksum does. */
  void checkStart(String hash) throws IOException {
    if (!checksum.isEmpty() && !hash.startsWith(checksum)) {
      throw new IOException("expected checksum to match " + checksum + ", got " + hash);
    }
  }

  void checkChecksum() throws IOException {
    if (!checksum.isEmpty() && !HEX.matcher(checksum).matches()) {
      throw new IOException(
          "invalid checksum " + checksum + " for Git URL, expected hex commit hash");
    }
  }

  GitOptions withRef(String other) {
    return new GitOptions(
        remote,
        other,
        subdir,
        keepGitDir,
        checksum,
        tokenSecret,
        headerSecret,
        knownHosts,
        sshId,
        skipSubmodules,
        mtime,
        fetchByCommit,
        bundle,
        bundleSession,
        bundleStore,
        checkoutBundle,
        signature);
  }

  /** The remote without password, for people to read. */
  String shownRemote() {
    return redacted(remote);
  }

  /** An address with its password hidden. */
  static String redacted(String address) {
    return address.replaceFirst("^([a-zA-Z]+://[^/@:]*):[^/@]*@", "$1:xxxxx@");
  }

  /** The source's cache key (cache-keys.md, section 5). */
  String cacheKey(GitCommit commit) {
    boolean byHash = isHash(commit.ref());
    String sha =
        byHash
            ? commit.ref()
            : !commit.commitChecksum().isEmpty() && !keepGitDir
                ? commit.commitChecksum()
                : commit.checksum();
    return SourceKeys.git(
        sha, keepGitDir, commit.ref(), subdir, skipSubmodules, mtime, checkoutBundle);
  }
}
