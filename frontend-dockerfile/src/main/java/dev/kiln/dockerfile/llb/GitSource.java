package dev.kiln.dockerfile.llb;

import java.util.Map;
import java.util.TreeMap;

/**
 * A commit of a git repository.
 *
 * @param url of the repository; without a protocol, https is meant
 * @param ref branch, tag or commit; empty for the remote's default
 * @param subdirectory only this one is checked out; empty for all
 * @param checksum commit that the ref must stand for, or empty
 * @param modificationTimes which time files get: that of the commit for {@code commit}, else now
 */
public record GitSource(
    String url,
    String ref,
    String subdirectory,
    boolean keepGitDir,
    String checksum,
    boolean skipSubmodules,
    String modificationTimes,
    boolean fetchByCommit) {

  /** The state with the commit's files. */
  public State state(Constraints constraints) {
    GitUrl parsed = GitUrl.parse(url).or(() -> GitUrl.parse("https://" + url)).orElse(null);
    String remote = parsed == null ? url : parsed.remote();
    String id = parsed == null ? remote : identifier(parsed);
    Map<String, String> attributes = new TreeMap<>();
    Constraints needs = constraints.needing("source.git", "source.git.fullurl");
    attributes.put("git.fullurl", remote);
    attributes.put("git.authtokensecret", "GIT_AUTH_TOKEN");
    attributes.put("git.authheadersecret", "GIT_AUTH_HEADER");
    if (keepGitDir) {
      attributes.put("git.keepgitdir", "true");
      needs = needs.needing("source.git.keepgitdir");
    }
    if (parsed != null && parsed.scheme().equals("ssh")) {
      attributes.put("git.mountsshsock", "default");
      needs = needs.needing("source.git.knownsshhosts", "source.git.mountsshsock");
    }
    if (!checksum.isEmpty()) {
      attributes.put("git.checksum", checksum);
      needs = needs.needing("source.git.checksum");
    }
    if (skipSubmodules) {
      attributes.put("git.skipsubmodules", "true");
      needs = needs.needing("source.git.skipsubmodules");
    }
    if (!modificationTimes.isEmpty()) {
      attributes.put("git.mtime", modificationTimes);
      needs = needs.needing("source.git.mtime");
    }
    if (fetchByCommit) {
      attributes.put("git.fetchbycommit", "true");
      needs = needs.needing("source.git.fetchbycommit");
    }
    return Sources.source("git://" + id, attributes, needs);
  }

  /** The same for all protocols that lead to the repository. */
  private String identifier(GitUrl parsed) {
    StringBuilder id = new StringBuilder(parsed.host()).append(Paths.join("/", parsed.path()));
    if (!ref.isEmpty() || !subdirectory.isEmpty()) {
      id.append('#').append(ref);
    }
    if (!subdirectory.isEmpty()) {
      id.append(':').append(subdirectory);
    }
    return id.toString();
  }
}
