package dev.kiln.daemon.source.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings a commit into the shared repository of its remote. For one thread, under the remote's
 * lock.
 */
final class GitFetch {
  private final Git git;
  private final Path repository;
  private final GitOptions options;
  private final String ref;
  private final String origin;

  /**
   * @param git with the repository
   * @param options with the ref filled in
   * @param origin remote or URL to fetch from
   */
  GitFetch(Git git, Path repository, GitOptions options, String origin) {
    this.git = git;
    this.repository = repository;
    this.options = options;
    this.ref = options.ref();
    this.origin = origin;
  }

  /** What is asked of the remote: the commit alone when it must be fetched by its hash. */
  static String wanted(GitOptions options) {
    return options.fetchByCommit() && !options.checksum().isEmpty()
        ? options.checksum()
        : options.ref();
  }

  /**
   * Fetches the ref, and the commit that it was resolved to in case the ref moved since.
   *
   * @param commit the hash that the ref was resolved to
   */
  void run(String commit) throws IOException, InterruptedException {
    String wanted = wanted(options);
    if (GitOptions.isHash(wanted) && has(wanted + "^{commit}")) {
      return;
    }
    Files.deleteIfExists(repository.resolve("shallow.lock"));
    List<String> command = new ArrayList<>(List.of("fetch"));
    if (options.fetchByCommit() || !GitOptions.isHash(wanted)) {
      command.addAll(List.of("--depth=1", "--no-tags"));
    } else {
      // A server may not give a single commit, but it gives everything that leads to it.
      command.addAll(everything());
    }
    command.add(origin);
    if (GitOptions.isHash(ref)) {
      command.add(ref);
    } else {
      command.addAll(List.of("--force", "--", wanted + ":" + target()));
    }
    fetch(command);
    if (!git.text("rev-parse", wanted).equals(commit)) {
      pin(commit);
    }
  }

  /** Where the ref is kept, so that it is told to the remote at the next fetch. */
  private String target() {
    return ref.startsWith("refs/tags/") ? ref : "tags/" + ref;
  }

  private List<String> everything() {
    boolean shallow = Files.exists(repository.resolve("shallow"), LinkOption.NOFOLLOW_LINKS);
    return shallow ? List.of("--tags", "--unshallow") : List.of("--tags");
  }

  private void fetch(List<String> command) throws IOException, InterruptedException {
    try {
      git.run(command);
    } catch (GitException e) {
      if (e.isStaleCopy()) {
        throw e;
      }
      throw new IOException(
          "failed to fetch remote " + options.shownRemote() + ": " + e.getMessage(), e);
    }
  }

  /** The ref moved between being resolved and fetched: the commit that was resolved counts. */
  private void pin(String commit) throws IOException, InterruptedException {
    if (!has(commit)) {
      List<String> command = new ArrayList<>(List.of("fetch"));
      command.addAll(everything());
      command.addAll(List.of(origin, commit));
      IOException why = null;
      try {
        git.run(command);
      } catch (GitException e) {
        if (e.isStaleCopy()) {
          throw e;
        }
        why = e;
      }
      git.run("reflog", "expire", "--all", "--expire=now");
      if (!has(commit)) {
        throw gone(commit, why);
      }
    }
    String target = target();
    git.run(
        "update-ref", target.startsWith("refs/") ? target : "refs/" + target, commit, "--no-deref");
  }

  private IOException gone(String commit, @Nullable IOException why) {
    return new IOException(
        "fetched ref "
            + ref
            + " does not match expected commit "
            + commit
            + " and commit can not be found in the repository"
            + (why == null ? "" : ": " + why.getMessage()),
        why);
  }

  private boolean has(String object) throws IOException, InterruptedException {
    try {
      git.run("cat-file", "-e", object);
      return true;
    } catch (GitException e) {
      return false;
    }
  }
}
