package dev.kiln.daemon.source.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a commit's files into a folder. For one thread, under the remote's lock. */
final class GitCheckout {
  private final Git git;
  private final Path repository;
  private final GitOptions options;
  private final boolean sha256;
  private final String object;

  /**
   * @param git with the repository
   * @param options with the ref filled in
   */
  GitCheckout(Git git, Path repository, GitOptions options, boolean sha256) {
    this.git = git;
    this.repository = repository;
    this.options = options;
    this.sha256 = sha256;
    this.object = GitFetch.wanted(options);
  }

  /**
   * Checks out, with submodules unless they are not wanted.
   *
   * @param keepGitDir whether the folder becomes a repository of its own
   */
  void into(Path folder, boolean keepGitDir) throws IOException, InterruptedException {
    Path gitDir = keepGitDir ? folder.resolve(".git") : repository;
    Git there = git.checkingOut(gitDir, folder);
    if (keepGitDir) {
      clone(there, gitDir);
    } else {
      checkOut(there, "checkout", "--no-overlay", object, "--", ".");
    }
    if (!options.skipSubmodules()) {
      try {
        there.run("submodule", "update", "--init", "--recursive", "--depth=1");
      } catch (GitException e) {
        throw new IOException(
            "failed to update submodules for " + options.shownRemote() + ": " + e.getMessage(), e);
      }
    }
  }

  private void checkOut(Git there, String... command) throws IOException, InterruptedException {
    try {
      there.run(command);
    } catch (GitException e) {
      throw new IOException(
          "failed to checkout remote " + options.shownRemote() + ": " + e.getMessage(), e);
    }
  }

  private void clone(Git there, Path gitDir) throws IOException, InterruptedException {
    List<String> init = new ArrayList<>(List.of("-c", "init.defaultBranch=master", "init"));
    if (sha256) {
      init.add("--object-format=sha256");
    }
    there.run(init);
    // As a URL, so that git copies objects only, not whatever files the repository links to.
    there.run("remote", "add", "origin", "file://" + repository);
    there.run("fetch", "-u", "--depth=1", "--", "origin", refspec());
    checkOut(there, "checkout", "FETCH_HEAD");
    there.run("remote", "set-url", "origin", options.shownRemote());
    there.run("reflog", "expire", "--all", "--expire=now");
    Files.deleteIfExists(gitDir.resolve("FETCH_HEAD"));
  }

  private String refspec() throws IOException, InterruptedException {
    String ref = options.ref();
    if (git.text("cat-file", "-t", object).equals("tag")) {
      return ref + ":" + (ref.startsWith("refs/tags/") ? ref : "refs/tags/" + ref);
    }
    if (options.fetchByCommit() && !ref.equals(object)) {
      return object + ":" + ref;
    }
    if (GitOptions.isHash(ref)) {
      // Only what has a name can be fetched from a repository.
      String name = "refs/buildkit/" + dev.kiln.daemon.gateway.RandomIds.next();
      git.run("update-ref", name, ref);
      return name;
    }
    return ref + ":" + ref;
  }

  /** When the commit was made, in seconds. */
  long commitSeconds() throws IOException, InterruptedException {
    String text = git.text("log", "-1", "--format=%ct", object + "^{commit}");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException(
          "failed to get commit time for " + options.shownRemote() + ": \"" + text + "\"", e);
    }
  }
}
