package dev.kiln.dockerfile.check;

import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.Location;
import java.util.regex.Pattern;

/** Tells from a variable's name whether it probably holds a secret. */
public final class SecretNames {

  private static final Pattern SECRET =
      word("apikey|auth|credentials?|key|password|pword|passwd|secret|token");
  private static final Pattern HARMLESS = word("public|file|version");

  private SecretNames() {}

  /** True if a word of the name speaks of a secret, and none says that it is harmless. */
  public static boolean isSecret(String name) {
    return SECRET.matcher(name).find() && !HARMLESS.matcher(name).find();
  }

  /**
   * Reports SecretsUsedInArgOrEnv if the name is that of a secret.
   *
   * @param keyword {@code ARG} or {@code ENV}
   */
  public static void report(String keyword, String name, Location location, LintReporter lint) {
    if (isSecret(name)) {
      lint.report(LintFinding.secretsUsedInArgOrEnv(keyword, name), location);
    }
  }

  private static Pattern word(String words) {
    return Pattern.compile("(?:_|^)(?:" + words + ")(?:_|$)", Pattern.CASE_INSENSITIVE);
  }
}
