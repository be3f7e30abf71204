package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.Location;
import java.util.regex.Pattern;

/** Knows names of variables that look as if they held something that must not be in an image. */
final class SecretNames {

  private static final Pattern SECRET =
      Pattern.compile(
          "(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern HARMLESS =
      Pattern.compile("(?:_|^)(?:public|file|version)(?:_|$)", Pattern.CASE_INSENSITIVE);

  private SecretNames() {}

  static void report(String keyword, String name, Location location, LintReporter lint) {
    if (SECRET.matcher(name).find() && !HARMLESS.matcher(name).find()) {
      lint.report(LintFinding.secretsUsedInArgOrEnv(keyword, name), location);
    }
  }
}
