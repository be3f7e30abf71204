package dev.kiln.cli.build;

import java.util.List;
import java.util.regex.Pattern;

/** Tells contexts that the daemon fetches from those on this machine. */
final class RemoteUrl {
  private static final List<String> SCHEMES =
      List.of("http://", "https://", "git://", "ssh://", "github.com/");
  private static final Pattern SCP = Pattern.compile("[A-Za-z0-9._-]+@[A-Za-z0-9._-]+:.*");
  private static final Pattern GIT_PATH = Pattern.compile("https?://[^?#]*\\.git(?:/)?(?:[?#].*)?");

  private RemoteUrl() {}

  /** Whether the daemon fetches this. */
  static boolean matches(String text) {
    return SCHEMES.stream().anyMatch(text::startsWith) || SCP.matcher(text).matches();
  }

  /** Whether this is fetched with git over SSH, which needs an agent. */
  static boolean isGitOverSsh(String text) {
    return text.startsWith("ssh://") || SCP.matcher(text).matches();
  }

  /** Whether this is a git repository with settings behind a question mark. */
  static boolean isGitWithQuery(String text) {
    boolean git =
        text.startsWith("git://") || isGitOverSsh(text) || GIT_PATH.matcher(text).matches();
    return git && text.indexOf('?') >= 0;
  }

  /** Whether this is a plain web address. */
  static boolean isHttp(String text) {
    return text.startsWith("http://") || text.startsWith("https://");
  }
}
