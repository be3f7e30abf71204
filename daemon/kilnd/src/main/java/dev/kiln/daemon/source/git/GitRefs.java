package dev.kiln.daemon.source.git;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what the refs of a repository stand for, without fetching it. Stateless. */
final class GitRefs {
  private static final Pattern DEFAULT_BRANCH = Pattern.compile("refs/heads/(\\S+)");

  private GitRefs() {}

  /** The branch that a repository's HEAD stands for. */
  static String defaultBranch(Git git, String url) throws IOException, InterruptedException {
    String listed;
    try {
      listed = git.text("ls-remote", "--symref", url, "HEAD");
    } catch (GitException e) {
      throw new IOException(
          "error fetching default branch for repository "
              + GitOptions.redacted(url)
              + ": "
              + e.getMessage(),
          e);
    }
    Matcher branch = DEFAULT_BRANCH.matcher(listed);
    if (!branch.find()) {
      throw new IOException(
          "could not find default branch for repository: " + GitOptions.redacted(url));
    }
    GitOptions.checkRef(branch.group(1));
    return branch.group(1);
  }

  /**
   * What the wanted ref stands for. A branch wins over a tag of the same name.
   *
   * @throws IOException when there is none, or it is not at the wanted commit
   */
  static GitCommit resolve(Git git, GitOptions options, String url)
      throws IOException, InterruptedException {
    String ref = options.ref().isEmpty() ? defaultBranch(git, url) : options.ref();
    String listed;
    try {
      listed = git.text("ls-remote", "--", url, ref, ref + "^{}");
    } catch (GitException e) {
      throw new IOException(
          "failed to fetch remote " + GitOptions.redacted(url) + ": " + e.getMessage(), e);
    }
    Map<String, String> hashes = new HashMap<>();
    listed.lines().forEach(line -> put(hashes, line));
    String tag = "refs/tags/" + without(ref, "refs/tags/");
    for (String name :
        new String[] {
          "refs/" + without(ref, "refs/"), "refs/heads/" + without(ref, "refs/heads/"), tag
        }) {
      String hash = hashes.get(name);
      if (hash != null) {
        String behind = name.equals(tag) ? hashes.get(tag + "^{}") : null;
        return checked(options, name, hash, behind == null ? "" : behind);
      }
    }
    throw new IOException(
        "repository does not contain ref " + ref + ", output: \"" + listed + "\"");
  }

  private static void put(Map<String, String> hashes, String line) {
    int tab = line.indexOf('\t');
    if (tab > 0) {
      hashes.put(line.substring(tab + 1), line.substring(0, tab));
    }
  }

  private static String without(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static GitCommit checked(GitOptions options, String ref, String hash, String behind)
      throws IOException {
    if (!GitOptions.isHash(hash)) {
      throw new IOException("invalid commit sha \"" + hash + "\"");
    }
    String wanted = options.checksum();
    if (!wanted.isEmpty() && !hash.startsWith(wanted) && !behind.startsWith(wanted)) {
      String got = behind.isEmpty() ? hash : hash + " or " + behind;
      throw new IOException("expected checksum to match " + wanted + ", got " + got);
    }
    return new GitCommit(ref, hash, options.keepGitDir() ? "" : behind);
  }
}
