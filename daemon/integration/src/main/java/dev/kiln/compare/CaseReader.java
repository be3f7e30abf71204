package dev.kiln.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the text files that hold the cases; {@code README.md} beside them tells how they are
 * written.
 */
final class CaseReader {
  private static final String CASE_MARK = "=== ";
  private static final String SECTION_MARK = "--- ";
  private static final Pattern NAMED = Pattern.compile("\"([^\"]+)\"(.*)");
  private static final String DOCKERFILE = "Dockerfile";

  private final String theme;
  private final List<Case> cases = new ArrayList<>();

  private CaseReader(String theme) {
    this.theme = theme;
  }

  /** The cases of every {@code .cases} file in a folder, in the order of names and lines. */
  static List<Case> folder(Path folder) throws IOException {
    List<Case> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".cases")).sorted().toList()) {
        String name = file.getFileName().toString().replaceFirst("\\.cases$", "");
        all.addAll(read(name, Files.readAllLines(file)));
      }
    }
    return all;
  }

  /**
   * Reads one file.
   *
   * @param theme first part of the cases' names
   * @throws IOException when a line is not understood or a name is used twice
   */
  static List<Case> read(String theme, List<String> lines) throws IOException {
    CaseReader reader = new CaseReader(theme);
    int line = 0;
    while (line < lines.size()) {
      if (lines.get(line).startsWith(CASE_MARK)) {
        int end = next(lines, line + 1, CASE_MARK);
        reader.add(lines.get(line), lines.subList(line + 1, end));
        line = end;
      } else if (lines.get(line).isBlank() || lines.get(line).startsWith("#")) {
        line++;
      } else {
        throw new IOException(
            "could not read " + theme + ": no case begins before: " + lines.get(line));
      }
    }
    return reader.cases;
  }

  private static int next(List<String> lines, int from, String mark) {
    int line = from;
    while (line < lines.size() && !lines.get(line).startsWith(mark)) {
      line++;
    }
    return line;
  }

  private void add(String header, List<String> lines) throws IOException {
    String name = theme + "/" + header.substring(CASE_MARK.length()).strip();
    if (cases.stream().anyMatch(other -> other.name().equals(name))) {
      throw new IOException("could not read cases: two have the name " + name);
    }
    List<String> options = new ArrayList<>();
    List<CaseFile> files = new ArrayList<>();
    Map<Part, String> reasons = new EnumMap<>(Part.class);
    int first = next(lines, 0, SECTION_MARK);
    if (first > 0) {
      files.add(new CaseFile.Regular(DOCKERFILE, text(lines.subList(0, first)), 0644));
    }
    for (int at = first; at < lines.size(); ) {
      int end = next(lines, at + 1, SECTION_MARK);
      String title = lines.get(at).substring(SECTION_MARK.length()).strip();
      List<String> body = lines.subList(at + 1, end);
      switch (title) {
        case "options" -> options.addAll(filled(body));
        case "differs" -> addReasons(name, filled(body), reasons);
        default -> files.add(file(name, title, body));
      }
      at = end;
    }
    cases.add(new Case(name, options, files, reasons));
  }

  private static void addReasons(String name, List<String> body, Map<Part, String> reasons)
      throws IOException {
    for (String line : body) {
      String[] words = line.split(": ", 2);
      try {
        reasons.put(Part.of(words[0]), words[1].strip());
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IOException("could not read why " + name + " differs: " + line, e);
      }
    }
  }

  /** Understands {@code path}, {@code path mode}, {@code path crlf}, and the marked kinds. */
  private static CaseFile file(String name, String title, List<String> body) throws IOException {
    Matcher named = NAMED.matcher(title);
    if (named.matches()) {
      return regular(name, named.group(1), named.group(2).strip(), body);
    }
    String[] words = title.split(" ", -1);
    if (words.length == 3 && words[1].equals("->")) {
      return new CaseFile.Link(words[0], words[2]);
    }
    if (words.length == 3 && words[1].equals("of")) {
      return new CaseFile.Packed(words[0], words[2]);
    }
    String rest = title.substring(words[0].length()).strip();
    return regular(name, words[0], rest, body);
  }

  private static CaseFile regular(String name, String path, String words, List<String> body)
      throws IOException {
    boolean folder = path.endsWith("/");
    int mode = folder ? 0755 : 0644;
    boolean crlf = false;
    for (String word : words.split(" ", -1)) {
      if (word.equals("crlf")) {
        crlf = true;
      } else if (word.matches("[0-7]+")) {
        mode = Integer.parseInt(word, 8);
      } else if (!word.isEmpty()) {
        throw new IOException("could not read " + name + ": '" + word + "' behind " + path);
      }
    }
    if (folder) {
      return new CaseFile.Folder(path.substring(0, path.length() - 1), mode);
    }
    String text = text(body);
    return new CaseFile.Regular(path, crlf ? text.replace("\n", "\r\n") : text, mode);
  }

  private static List<String> filled(List<String> lines) {
    return lines.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** Lines without the empty ones that part them from the next header. */
  private static String text(List<String> lines) {
    int end = lines.size();
    while (end > 0 && lines.get(end - 1).isEmpty()) {
      end--;
    }
    return end == 0 ? "" : String.join("\n", lines.subList(0, end)) + "\n";
  }
}
