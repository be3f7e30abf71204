package dev.kiln.snapshotter.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random patterns on random paths: only the meant exception may come out, and the answer for a path
 * alone is the one that is carried down from its parents. A failure names the seed; {@code
 * -Dkiln.seed=N} replays it.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PatternFuzzTest {
  private static final List<String> PARTS =
      List.of(
          "*",
          "**",
          "**/",
          "/**",
          "?",
          "[",
          "]",
          "[a-",
          "[^a]",
          "\\",
          "!",
          "/",
          ".",
          "..",
          "a",
          "ab",
          "é",
          "\ud83d\ude80",
          "\ud83d",
          "-",
          "^",
          "$",
          "(",
          "{",
          "|",
          " ",
          "#",
          "\t");
  private static final List<String> NAMES =
      List.of("a", "ab", "aab", "é", ".", "..a", "a b", "[", "b");

  private final long first = Long.getLong("kiln.seed", System.nanoTime());

  @Test
  void matchingFailsOnlyAsMeant() {
    int seeds = Integer.getInteger("kiln.seeds", 30_000);
    for (long seed = first; seed < first + seeds; seed++) {
      Random random = new Random(seed);
      List<String> texts = List.of(pattern(random), pattern(random), pattern(random));
      String path = path(random);
      try {
        IgnorePatterns patterns = IgnorePatterns.of(texts);
        IgnorePatterns.Match match = IgnorePatterns.Match.NONE;
        for (int slash = 0; slash >= 0; ) {
          slash = path.indexOf('/', slash + 1);
          match = patterns.match(slash < 0 ? path : path.substring(0, slash), match);
        }
        if (!patterns.hasExceptions()) {
          assertThat(match.matched())
              .as("seed %d, %s on %s", seed, texts, path)
              .isEqualTo(patterns.matches(path));
        }
        GoPathMatch.matches(texts.getFirst(), path);
      } catch (BadPatternException meant) {
        assertThat(meant.getMessage()).isNotEmpty();
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed " + seed + ", " + texts + " on " + path, e);
      }
    }
  }

  /** What makes matchers that try one way after the other take for ever. */
  @Test
  void manyStarsOnALongPathEndSoon() {
    String path = "a".repeat(2_000) + "/" + "a/".repeat(2_000) + "b";
    for (String part : List.of("*a", "**/a", "**a", "a*", "?*", "[a]*")) {
      IgnorePatterns patterns = IgnorePatterns.of(List.of(part.repeat(100) + "x"));
      assertThat(patterns.matches(path)).as(part).isFalse();
    }
  }

  private static String pattern(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i >= 0; i--) {
      text.append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return text.toString();
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder(NAMES.get(random.nextInt(NAMES.size())));
    for (int i = random.nextInt(5); i > 0; i--) {
      path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
    }
    return path.toString();
  }
}
