package dev.kiln.dockerfile.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody probably meant. */
public final class Suggestion {

  /** Words at this edit distance or further apart are not alike. */
  private static final int UNLIKE_DISTANCE = 3;

  private Suggestion() {}

  /**
   * The option nearest to the word, if one is near enough. Nothing is suggested for a word that is
   * itself an option.
   *
   * @param caseSensitive if false, letters are compared without case and the answer takes the
   *     word's case
   */
  public static Optional<String> nearest(
      String word, Collection<String> options, boolean caseSensitive) {
    String wanted = caseSensitive ? word : word.toLowerCase(Locale.ROOT);
    String best = "";
    int bestDistance = UNLIKE_DISTANCE;
    for (String option : options) {
      String candidate = caseSensitive ? option : option.toLowerCase(Locale.ROOT);
      if (candidate.equals(wanted)) {
        return Optional.empty();
      }
      int distance = distance(wanted, candidate);
      if (distance < bestDistance) {
        best = caseSensitive ? candidate : inCaseOf(word, candidate);
        bestDistance = distance;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /** The message, with {@code (did you mean X?)} behind it if a near option exists. */
  public static String append(
      String message, String word, Collection<String> options, boolean caseSensitive) {
    return nearest(word, options, caseSensitive)
        .map(match -> message + " (did you mean " + match + "?)")
        .orElse(message);
  }

  private static String inCaseOf(String model, String word) {
    if (model.equals(model.toLowerCase(Locale.ROOT))) {
      return word.toLowerCase(Locale.ROOT);
    }
    return model.equals(model.toUpperCase(Locale.ROOT)) ? word.toUpperCase(Locale.ROOT) : word;
  }

  /** Levenshtein distance, at most {@link #UNLIKE_DISTANCE}. */
  private static int distance(String a, String b) {
    int[] from = a.codePoints().toArray();
    int[] to = b.codePoints().toArray();
    if (Math.abs(from.length - to.length) >= UNLIKE_DISTANCE) {
      return UNLIKE_DISTANCE;
    }
    int[] row = new int[to.length + 1];
    for (int j = 0; j <= to.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length; i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length; j++) {
        int substitute = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return Math.min(row[to.length], UNLIKE_DISTANCE);
  }
}
