package dev.kiln.integration.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A build whose steps print words that nobody can guess, so that a step that ran again is known by
 * its word. Each word contains those of the steps below, so that trees which do not belong together
 * are known as well.
 */
final class Plan {
  private static final Pattern STEP = Pattern.compile(": (plan\\d+-step\\d+)[^0-9]");
  private static final String DOCKERFILE =
      """
      FROM BASE AS one
      RUN : NAME-step1 && cat /proc/sys/kernel/random/uuid | tee /word1
      RUN : NAME-step2 && head -c SIZE /dev/urandom > /ballast && echo "$(cat /word1) \
      $(cat /proc/sys/kernel/random/uuid)" | tee /word2
      FROM BASE AS two
      RUN : NAME-step3 && head -c SIZE /dev/zero > /zeros && cat /proc/sys/kernel/random/uuid | tee /word3
      FROM one AS last
      COPY --from=two /word3 /word3
      COPY note /note
      RUN : NAME-step4 && echo "$(cat /word2) $(cat /word3) $(cat /note) \
      $(cat /proc/sys/kernel/random/uuid)" | tee /word4
      FROM scratch
      COPY --from=last /word* /note /
      """;

  private static final Instant NOTES_BEGAN = Instant.parse("2020-01-01T00:00:00Z");
  private static final AtomicLong NOTES = new AtomicLong();

  final String name;
  private final Path context;
  private int version;

  private Plan(String name, Path context) {
    this.name = name;
    this.context = context;
  }

  /**
   * Makes a plan.
   *
   * @param bytes that two of its steps write
   */
  static Plan make(Path folder, int number, String base, int bytes) throws IOException {
    Plan plan = new Plan("plan" + number, Files.createDirectory(folder.resolve("plan" + number)));
    String text =
        DOCKERFILE
            .replace("BASE", base)
            .replace("NAME", plan.name)
            .replace("SIZE", Integer.toString(bytes));
    Files.writeString(plan.context.resolve("Dockerfile"), text);
    for (int i = 0; i < 20; i++) {
      Files.writeString(plan.context.resolve("other" + i), "not copied " + i);
    }
    plan.changeNote();
    return plan;
  }

  /**
   * Makes the last step another one. No two notes have the same time: buildctl names no shared key,
   * so all plans' folders are sent into one kept copy, in which a file of the same size and time
   * counts as unchanged, and two notes may be written within one tick of the file system's clock.
   */
  void changeNote() throws IOException {
    version++;
    Path note = Files.writeString(context.resolve("note"), note());
    Files.setLastModifiedTime(
        note, FileTime.from(NOTES_BEGAN.plusSeconds(NOTES.incrementAndGet())));
  }

  private String note() {
    return "note-%s-%04d".formatted(name, version);
  }

  Path context() {
    return context;
  }

  /** What the step of a vertex is called in the ledger; null for what is no step of a plan. */
  static String label(String vertex) {
    Matcher step = STEP.matcher(vertex);
    return step.find() ? step.group(1) : null;
  }

  /** What the last step is called for the present note. */
  String versioned(String label) {
    return label.endsWith("-step4") ? label + "-" + version : label;
  }

  /** Reads what a build gave and asserts that it belongs together; words by label. */
  Map<String, String> words(Path out) throws IOException {
    Map<String, String> words = new TreeMap<>();
    for (int step : List.of(1, 2, 3, 4)) {
      words.put(
          versioned(name + "-step" + step), Files.readString(out.resolve("word" + step)).strip());
    }
    assertThat(out.resolve("note")).hasContent(note());
    List<String> all = List.copyOf(words.values());
    assertThat(all.get(0)).matches("[0-9a-f-]{36}");
    assertThat(all.get(1)).matches(Pattern.quote(all.get(0)) + " [0-9a-f-]{36}");
    assertThat(all.get(2)).matches("[0-9a-f-]{36}");
    String parts = all.get(1) + " " + all.get(2) + " " + note();
    assertThat(all.get(3)).matches(Pattern.quote(parts) + " [0-9a-f-]{36}");
    return words;
  }
}
