package dev.kiln.dockerfile.instruction;

import static dev.kiln.dockerfile.text.Quoted.quoted;

import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Node;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads FROM and checks the case of its words. */
final class FromReader {

  private static final Pattern STAGE_NAME = Pattern.compile("[a-z][a-z0-9-_.]*");
  private static final int WORDS_WITH_NAME = 3;

  private FromReader() {}

  static FromInstruction read(Node node, Origin origin, LintReporter lint) {
    List<String> words = node.arguments().flat();
    if (words.size() >= WORDS_WITH_NAME) {
      checkCase(node, words, lint);
    }
    String name = readName(words);
    FlagSet flags = new FlagSet().texts("platform").read(node.flags());
    if (!name.isEmpty()) {
      Descriptions.check("FROM", List.of(name), origin, lint);
    }
    return new FromInstruction(
        origin, words.getFirst(), name, flags.text("platform"), origin.descriptionOf(name));
  }

  private static String readName(List<String> words) {
    if (words.size() == WORDS_WITH_NAME && words.get(1).equalsIgnoreCase("as")) {
      String name = words.get(2).toLowerCase(Locale.ROOT);
      if (!STAGE_NAME.matcher(name).matches()) {
        throw new DockerfileException(
            "invalid name for build stage: "
                + quoted(words.get(2))
                + ", name can't start with a number or contain symbols");
      }
      return name;
    }
    if (words.size() != 1) {
      throw new DockerfileException("FROM requires either one or three arguments");
    }
    return "";
  }

  private static void checkCase(Node node, List<String> words, LintReporter lint) {
    if (words.size() == WORDS_WITH_NAME && !isLower(words.get(2))) {
      lint.report(LintFinding.stageNameCasing(words.get(2)), node.location());
    }
    String as = words.get(1);
    boolean differs =
        isLower(node.keyword()) ? !isLower(as) : isUpper(node.keyword()) && !isUpper(as);
    if (differs) {
      lint.report(LintFinding.fromAsCasing(node.keyword(), as), node.location());
    }
  }

  private static boolean isLower(String word) {
    return word.equals(word.toLowerCase(Locale.ROOT));
  }

  private static boolean isUpper(String word) {
    return word.equals(word.toUpperCase(Locale.ROOT));
  }
}
