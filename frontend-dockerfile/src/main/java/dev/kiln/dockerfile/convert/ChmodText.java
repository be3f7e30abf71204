package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.llb.FileAction;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.solver.pb.FileActionCopy;
import java.util.regex.Pattern;

/** Reads {@code --chmod}: an octal number, or changes in chmod(1)'s symbolic notation. */
final class ChmodText {

  private static final int MAX_MODE = 07777;
  private static final Pattern OCTAL = Pattern.compile("[0-7]{1,10}");
  private static final Pattern SYMBOLIC =
      Pattern.compile(
          "[augo]*[-+=][rwxXstugo]*(?:[-+=][rwxXstugo]*)*"
              + "(?:,[augo]*[-+=][rwxXstugo]*(?:[-+=][rwxXstugo]*)*)*");

  private ChmodText() {}

  /**
   * Puts the mode into a copy.
   *
   * @param text empty to keep the modes of what is copied
   */
  static void apply(String text, FileActionCopy.Builder copy) {
    if (text.isEmpty()) {
      copy.setMode(FileAction.KEEP_MODE);
    } else if (OCTAL.matcher(text).matches()) {
      long mode = Long.parseLong(text, 8);
      if (mode > MAX_MODE) {
        throw notOctal(text);
      }
      copy.setMode((int) mode);
    } else if (Character.isDigit(text.charAt(0))) {
      throw notOctal(text);
    } else if (SYMBOLIC.matcher(text).matches()) {
      copy.setModeStr(text);
    } else {
      throw new DockerfileException("invalid syntax");
    }
  }

  private static DockerfileException notOctal(String text) {
    return new DockerfileException(
        "invalid chmod parameter: '"
            + text
            + "'. it should be octal string and between 0 and 07777");
  }
}
