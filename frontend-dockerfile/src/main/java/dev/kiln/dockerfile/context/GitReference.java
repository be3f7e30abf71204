package dev.kiln.dockerfile.context;

import dev.kiln.dockerfile.llb.GitUrl;
import dev.kiln.dockerfile.llb.Paths;
import dev.kiln.dockerfile.text.BooleanText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A git repository as a Dockerfile or a context option names it.
 *
 * @param remote address to hand to git
 * @param ref branch, tag or commit, or empty
 * @param subdirectory or empty
 * @param checksum commit that the ref must stand for, or empty
 * @param keepGitDir null if not said
 * @param submodules null if not said
 * @param modificationTimes which time files get: that of the commit for {@code commit}, else now
 * @param looksLocal true for {@code github.com/...}, which could be a file's name as well
 */
public record GitReference(
    String remote,
    String ref,
    String subdirectory,
    String checksum,
    @Nullable Boolean keepGitDir,
    @Nullable Boolean submodules,
    String modificationTimes,
    boolean fetchByCommit,
    boolean looksLocal) {

  private static final String GITHUB = "github.com/";

  /**
   * Recognises a repository.
   *
   * @return empty if the text is something else
   * @throws IllegalArgumentException if it is a repository, but its query is malformed
   */
  public static Optional<GitReference> parse(String text) {
    if (text.startsWith("./") || text.startsWith("../")) {
      return Optional.empty();
    }
    boolean looksLocal = text.startsWith(GITHUB);
    Optional<GitUrl> url = GitUrl.parse(looksLocal ? "https://" + text : text);
    if (url.isEmpty()) {
      return Optional.empty();
    }
    GitUrl found = url.get();
    boolean web = found.scheme().equals("http") || found.scheme().equals("https");
    if (web && !looksLocal && !found.path().endsWith(".git")) {
      return Optional.empty();
    }
    String remote = looksLocal ? found.remote().substring("https://".length()) : found.remote();
    return Optional.of(new QueryReader(found).read(remote, looksLocal));
  }

  /** True if the text names a repository whose query can be read. */
  public static boolean matches(String text) {
    try {
      return parse(text).isPresent();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Reads the keys of a query on top of what the fragment says. */
  private static final class QueryReader {
    private static final String TAGS = "refs/tags/";
    private static final String BRANCHES = "refs/heads/";

    private final Map<String, List<String>> query;
    private String ref;
    private String subdirectory;
    private String checksum = "";
    private String tag = "";
    private String branch = "";
    private String modificationTimes = "";
    private @Nullable Boolean keepGitDir;
    private @Nullable Boolean submodules;
    private boolean fetchByCommit;

    QueryReader(GitUrl url) {
      this.query = url.query();
      int colon = url.fragment().indexOf(':');
      this.ref = colon < 0 ? url.fragment() : url.fragment().substring(0, colon);
      String directory = colon < 0 ? "" : url.fragment().substring(colon + 1);
      this.subdirectory = Paths.join("/", directory).substring(1);
    }

    GitReference read(String remote, boolean looksLocal) {
      query.forEach(this::take);
      if (!tag.isEmpty()) {
        ref = merged("ref", ref, tag.startsWith(TAGS) ? tag : TAGS + tag);
      }
      if (!branch.isEmpty()) {
        if (!tag.isEmpty()) {
          throw new IllegalArgumentException("branch conflicts with tag");
        }
        ref = merged("ref", ref, branch.startsWith(BRANCHES) ? branch : BRANCHES + branch);
      }
      return new GitReference(
          remote,
          ref,
          subdirectory,
          checksum,
          keepGitDir,
          submodules,
          modificationTimes,
          fetchByCommit,
          looksLocal);
    }

    private void take(String key, List<String> values) {
      if (values.size() > 1) {
        throw new IllegalArgumentException("query \"" + key + "\" has multiple values");
      }
      String value = values.getFirst();
      boolean flag =
          key.equals("submodules") || key.equals("keep-git-dir") || key.equals("fetch-by-commit");
      if (value.isEmpty() && !flag) {
        throw new IllegalArgumentException("query \"" + key + "\" has no value");
      }
      switch (key) {
        case "ref" -> ref = merged("ref", ref, value);
        case "tag" -> tag = value;
        case "branch" -> branch = value;
        case "subdir" -> subdirectory = merged("subdir", subdirectory, value);
        case "checksum", "commit" -> checksum = value;
        case "keep-git-dir" -> keepGitDir = flag(key, value);
        case "submodules" -> submodules = flag(key, value);
        case "fetch-by-commit" -> fetchByCommit = flag(key, value);
        case "mtime" -> {
          if (!value.equals("checkout") && !value.equals("commit")) {
            throw new IllegalArgumentException(
                "invalid mtime value: \"" + value + "\" (must be \"checkout\" or \"commit\")");
          }
          modificationTimes = value;
        }
        default -> throw new IllegalArgumentException("unexpected query \"" + key + "\"");
      }
    }

    private static boolean flag(String key, String value) {
      return value.isEmpty()
          || BooleanText.parse(value)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException("invalid " + key + " value: \"" + value + "\""));
    }

    private static String merged(String what, String known, String added) {
      if (!known.isEmpty() && !known.equals(added)) {
        throw new IllegalArgumentException(
            what + " conflicts: \"" + known + "\" vs \"" + added + "\"");
      }
      return added;
    }
  }
}
