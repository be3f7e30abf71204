package dev.kiln.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Habits that keep the tree easy to find one's way in. */
class TidyTest {
  private static final int MAX_LINES = 400;
  private static final Pattern EMPTY_NAMES =
      Pattern.compile(".*(Manager|Helpers?|Utils?|Impl)\\.java");

  /** What the field itself calls so. */
  private static final Set<String> FIELD_NAMES = Set.of("CredentialHelper.java");

  /** Spelled in two parts, so that this file does not hold what it looks for. */
  private static final Pattern LEFT_OPEN = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

  private static final Pattern MACHINE_PATHS =
      Pattern.compile("(?<![\\w$}])/(work/(?!work)\\w|home/\\w+/|Users/\\w+/)");
  private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]*`");

  private static Path tree;
  private static List<Path> files;

  @BeforeAll
  static void list() throws IOException {
    tree = Path.of(System.getProperty("kiln.tree"));
    files = new ArrayList<>();
    collect(tree);
    assertThat(files).as("files in %s", tree).hasSizeGreaterThan(500);
  }

  private static void collect(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry) && !name.equals("target") && !name.equals(".git")) {
          collect(entry);
        } else if (Files.isRegularFile(entry)) {
          files.add(entry);
        }
      }
    }
  }

  private static List<Path> javaFiles(String part) {
    return files.stream()
        .filter(file -> file.toString().endsWith(".java") && file.toString().contains(part))
        .toList();
  }

  /** Files of the kinds that people write here; what tests feed to Kiln is left out. */
  private static List<Path> written() {
    return files.stream()
        .filter(file -> !file.toString().contains("/src/test/resources/"))
        .filter(file -> !file.toString().contains("/src/main/protobuf/"))
        .filter(
            file ->
                file.toString()
                    .matches(".*(\\.(java|md|xml|sh|toml|properties)|/Makefile|/\\.ci/.*)"))
        .toList();
  }

  private static String shown(Path file) {
    return tree.relativize(file).toString();
  }

  private static List<String> linesThatMatch(Pattern pattern) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : written()) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i)).find()) {
          found.add(shown(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return found;
  }

  @Test
  void noFileIsTooLong() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : javaFiles("/src/main/java/")) {
      int lines = Files.readAllLines(file).size();
      if (lines > MAX_LINES) {
        tooLong.add(shown(file) + ": " + lines + " lines");
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void everyPackageSaysItsPurpose() {
    List<String> silent =
        javaFiles("/src/main/java/").stream()
            .map(Path::getParent)
            .distinct()
            .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
            .map(TidyTest::shown)
            .toList();
    assertThat(silent).isEmpty();
  }

  @Test
  void namesSaySomething() {
    assertThat(
            javaFiles("/src/").stream()
                .filter(file -> !FIELD_NAMES.contains(file.getFileName().toString()))
                .map(TidyTest::shown)
                .filter(name -> EMPTY_NAMES.matcher(name).matches()))
        .isEmpty();
  }

  @Test
  void nothingIsLeftOpen() throws IOException {
    assertThat(linesThatMatch(LEFT_OPEN)).isEmpty();
  }

  @Test
  void noPathOfSomebodysMachine() throws IOException {
    assertThat(linesThatMatch(MACHINE_PATHS)).noneMatch(line -> !line.contains("/src/test/"));
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path file : files) {
      if (!file.toString().endsWith(".md")) {
        continue;
      }
      Matcher links = LINK.matcher(CODE.matcher(Files.readString(file)).replaceAll(""));
      while (links.find()) {
        String target = links.group(1).replaceFirst("#.*", "");
        if (!target.isEmpty()
            && !target.contains("://")
            && !target.startsWith("mailto:")
            && !Files.exists(file.resolveSibling(target))) {
          dead.add(shown(file) + ": " + target);
        }
      }
    }
    assertThat(dead).isEmpty();
  }
}
