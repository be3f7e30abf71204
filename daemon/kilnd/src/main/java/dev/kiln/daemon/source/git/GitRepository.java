package dev.kiln.daemon.source.git;

import dev.kiln.daemon.source.Blobs;
import dev.kiln.daemon.source.KeyLocks;
import dev.kiln.daemon.source.ResolvedSources;
import dev.kiln.daemon.source.signature.BadSignatureException;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.RefException;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits of remote repositories: what refs stand for, and their trees. Safe for many threads. */
final class GitRepository {
  private static final Logger LOG = LoggerFactory.getLogger(GitRepository.class);
  private static final String META_SNAPSHOT = "git-snapshot";

  private final RefStore refs;
  private final SessionRegistry sessions;
  private final ResolvedSources resolved;
  private final Blobs blobs;
  private final Path mountFolder;
  private final GitRepositories repositories;
  private final GitTrees trees;
  private final KeyLocks snapshots = new KeyLocks();

  GitRepository(
      RefStore refs,
      SessionRegistry sessions,
      ResolvedSources resolved,
      Blobs blobs,
      Path mountFolder) {
    this.refs = refs;
    this.sessions = sessions;
    this.resolved = resolved;
    this.blobs = blobs;
    this.mountFolder = mountFolder;
    this.repositories = new GitRepositories(refs, mountFolder);
    this.trees = new GitTrees(refs, mountFolder);
  }

  /** Something to do with a fetched commit. */
  private interface Work<T> {
    T with(Git git, Path repository, GitOptions filled) throws IOException, InterruptedException;
  }

  /**
   * What the wanted ref stands for in these builds.
   *
   * @throws IOException when the remote has no such ref, it is not at the wanted commit, or that is
   *     not signed as it must be
   */
  GitCommit resolve(GitOptions options, GitAsker asker) throws Exception {
    GitCommit commit = unverified(options, asker);
    GitSignatureRules rules = options.signature();
    if (rules != null) {
      check(rules, options, commit, asker);
    }
    return commit;
  }

  private void check(GitSignatureRules rules, GitOptions options, GitCommit commit, GitAsker asker)
      throws IOException, InterruptedException {
    try {
      rules.check(commit, objects(options, commit, asker), Instant.now());
    } catch (BadSignatureException e) {
      throw new IOException(
          "could not verify the signature of "
              + options.shownRemote()
              + "#"
              + commit.ref()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private GitCommit unverified(GitOptions options, GitAsker asker) throws Exception {
    options.checkChecksum();
    boolean bundled = !options.bundle().isEmpty();
    if (GitOptions.isHash(options.ref())) {
      options.checkStart(options.ref());
      return GitCommit.ofHash(options.ref());
    }
    if (bundled && options.ref().isEmpty()) {
      return GitCommit.ofHash(options.checksum());
    }
    if (!bundled && options.fetchByCommit()) {
      return pinned(options);
    }
    String key =
        "git " + options.remote() + "#" + options.ref() + (bundled ? options.bundle() : "");
    return resolved.get(
        asker.jobs(),
        key + (options.keepGitDir() ? " kept" : ""),
        GitCommit.class,
        known -> known.checksum().startsWith(options.checksum()),
        () -> bundled ? inBundle(options, asker) : atRemote(options, asker));
  }

  private static GitCommit pinned(GitOptions options) throws IOException {
    if (options.checksum().isEmpty()) {
      throw new IOException("fetch-by-commit requires a checksum or a commit SHA ref");
    }
    if (!GitOptions.isHash(options.checksum())) {
      throw new IOException(
          "fetch-by-commit requires a full commit SHA checksum, got \""
              + options.checksum()
              + "\"");
    }
    return new GitCommit(named(options), options.checksum(), "");
  }

  /** The ref of a fetch by commit: a short name can only be taken for a branch. */
  private static String named(GitOptions options) {
    String ref = options.ref();
    if (ref.isEmpty()) {
      return options.checksum();
    }
    return ref.startsWith("refs/") || GitOptions.isHash(ref) ? ref : "refs/heads/" + ref;
  }

  private GitCommit atRemote(GitOptions options, GitAsker asker)
      throws IOException, InterruptedException {
    try (GitAccess access = GitAccess.open(options, asker, sessions, mountFolder, true)) {
      return GitRefs.resolve(access.git(), options, options.remote());
    }
  }

  private GitCommit inBundle(GitOptions options, GitAsker asker)
      throws IOException, InterruptedException {
    Git git = Git.plain(asker.progress());
    try (GitBundles.Staged staged = stage(git, options, asker)) {
      return GitRefs.resolve(git, options, staged.url());
    }
  }

  private GitBundles.Staged stage(Git git, GitOptions options, GitAsker asker)
      throws IOException, InterruptedException {
    try (InputStream content =
        blobs.open(
            dev.kiln.daemon.source.BlobLocator.parse(options.bundle()),
            options.bundleSession(),
            options.bundleStore(),
            asker.sessions())) {
      return GitBundles.stage(git, options, content, mountFolder);
    }
  }

  /** The tree of a commit, as the options want it. */
  ImmutableRef tree(GitOptions options, GitCommit commit, GitAsker asker)
      throws IOException, InterruptedException {
    String key = options.cacheKey(commit) + ":" + options.subdir();
    try (KeyLocks.Held ignored = snapshots.lock(key)) {
      ImmutableRef known = known(key);
      if (known != null) {
        return known;
      }
      ImmutableRef made =
          fetched(
              options,
              commit,
              asker,
              (git, repository, filled) ->
                  filled.checkoutBundle()
                      ? trees.bundle(git, repository, filled, commit.isSha256())
                      : trees.checkout(git, repository, filled, commit.isSha256()));
      made.putMeta(META_SNAPSHOT, key);
      return made;
    }
  }

  private @Nullable ImmutableRef known(String key) throws IOException {
    for (String id : refs.findByMeta(META_SNAPSHOT, key)) {
      try {
        return refs.get(id);
      } catch (RefException e) {
        LOG.debug("the tree of {} is gone, it is made again", key);
      }
    }
    return null;
  }

  /** The commit and, if there is one, the tag that the options name, as git stores them. */
  GitObjects objects(GitOptions options, GitCommit commit, GitAsker asker)
      throws IOException, InterruptedException {
    return fetched(
        options, commit, asker, (git, repository, filled) -> GitObjects.read(git, commit));
  }

  private <T> T fetched(GitOptions options, GitCommit commit, GitAsker asker, Work<T> work)
      throws IOException, InterruptedException {
    boolean bundled = !options.bundle().isEmpty();
    try (KeyLocks.Held ignored = repositories.lock(options.remote());
        GitAccess access = GitAccess.open(options, asker, sessions, mountFolder, !bundled)) {
      Git git = access.git();
      try (GitBundles.Staged staged = bundled ? stage(git, options, asker) : null) {
        GitOptions filled = options.withRef(ref(options, commit, git));
        try {
          return fetched(git, staged, filled, commit, false, work);
        } catch (GitException e) {
          if (!e.isStaleCopy()) {
            throw e;
          }
          return fetched(git, staged, filled, commit, true, work);
        }
      }
    }
  }

  private static String ref(GitOptions options, GitCommit commit, Git git)
      throws IOException, InterruptedException {
    boolean plain = options.ref().isEmpty() || GitOptions.isHash(options.ref());
    if (!options.bundle().isEmpty()) {
      return plain ? options.checksum() : options.ref();
    }
    if (options.fetchByCommit()) {
      return named(options);
    }
    if (!options.ref().isEmpty()) {
      return options.ref();
    }
    String heads = "refs/heads/";
    return commit.ref().startsWith(heads)
        ? commit.ref().substring(heads.length())
        : GitRefs.defaultBranch(git, options.remote());
  }

  private <T> T fetched(
      Git outside,
      GitBundles.@Nullable Staged staged,
      GitOptions filled,
      GitCommit commit,
      boolean anew,
      Work<T> work)
      throws IOException, InterruptedException {
    boolean sha256 = staged == null ? commit.isSha256() : staged.sha256();
    try (GitRepositories.Opened opened =
        repositories.open(filled.remote(), outside, sha256, anew)) {
      Git git = outside.in(opened.path());
      String origin = staged == null ? "origin" : staged.url();
      new GitFetch(git, opened.path(), filled, origin).run(commit.checksum());
      checkFetched(git, filled);
      return work.with(git, opened.path(), filled);
    }
  }

  private static void checkFetched(Git git, GitOptions filled)
      throws IOException, InterruptedException {
    if (filled.checksum().isEmpty()) {
      return;
    }
    String ref = GitFetch.wanted(filled);
    String hash = git.text("rev-parse", ref);
    if (hash.startsWith(filled.checksum())) {
      return;
    }
    String behind = git.text("rev-parse", ref + "^{}");
    if (!behind.startsWith(filled.checksum())) {
      String got = behind.equals(hash) ? hash : hash + " or " + behind;
      throw new IOException("expected checksum to match " + filled.checksum() + ", got " + got);
    }
  }
}
