package dev.kiln.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaseReaderTest {
  private static final List<String> TEXT =
      """
      # a note

      === first case
      FROM busybox
      COPY a /

      --- a 0600
      text

      --- "b c/d" crlf
      one
      two
      --- link -> a
      --- empty/ 0700
      --- options
      --opt=target=x
      --- differs
      error: a better text

      === second case
      FROM scratch
      """
          .lines()
          .toList();

  @TempDir Path folder;

  @Test
  void readsEverySection() throws IOException {
    List<Case> cases = CaseReader.read("theme", TEXT);
    assertThat(cases)
        .extracting(Case::name)
        .containsExactly("theme/first case", "theme/second case");
    Case first = cases.getFirst();
    assertThat(first.options()).containsExactly("--opt=target=x");
    assertThat(first.reasons()).isEqualTo(Map.of(Part.ERROR, "a better text"));
    assertThat(first.files())
        .containsExactly(
            new CaseFile.Regular("Dockerfile", "FROM busybox\nCOPY a /\n", 0644),
            new CaseFile.Regular("a", "text\n", 0600),
            new CaseFile.Regular("b c/d", "one\r\ntwo\r\n", 0644),
            new CaseFile.Link("link", "a"),
            new CaseFile.Folder("empty", 0700));
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    for (List<String> lines :
        List.of(
            List.of("FROM busybox"),
            List.of("=== a", "=== a"),
            List.of("=== a", "--- file mode"),
            List.of("=== a", "--- differs", "everything: because"))) {
      assertThatThrownBy(() -> CaseReader.read("theme", lines))
          .as("%s", lines)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void writesTheFolder() throws IOException {
    Case first = CaseReader.read("theme", TEXT).getFirst();
    CaseFolder.write(first, folder.resolve("case"));
    Path written = folder.resolve("case");
    assertThat(written.resolve("a")).hasContent("text\n");
    assertThat(Files.readSymbolicLink(written.resolve("link"))).isEqualTo(Path.of("a"));
    assertThat(written.resolve("b c/d"))
        .hasBinaryContent("one\r\ntwo\r\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(written.resolve("empty")).isEmptyDirectory();
    assertThat(Files.getLastModifiedTime(written.resolve("empty")).toInstant())
        .isEqualTo(Files.getLastModifiedTime(written.resolve("a")).toInstant())
        .isBefore("2010-01-01T00:00:00Z");
  }

  @Test
  void theCasesOfTheTreeAreManyAndOfManyKinds() throws IOException {
    List<Case> cases =
        CaseReader.folder(Path.of(System.getProperty("kiln.tree"), "examples/compare"));
    assertThat(cases).hasSizeGreaterThan(300);
    assertThat(cases).filteredOn(c -> c.name().startsWith("errors-")).hasSizeGreaterThan(100);
  }
}
