package dev.kiln.dockerfile.subrequest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.GoldenFolder;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintWarning;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.solver.pb.SourceInfo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SubrequestTest {

  @TestFactory
  Stream<DynamicTest> targets() {
    return Stream.concat(
        new GoldenFolder("targets").tests(".dockerfile", ".json", text -> part(text, "json")),
        new GoldenFolder("targets").tests(".dockerfile", ".txt", text -> part(text, "txt")));
  }

  private static String part(String text, String kind) {
    SubrequestAnswer answer = TargetList.answer(text.getBytes(StandardCharsets.UTF_8));
    return String.valueOf(answer.metadata().get("result." + kind));
  }

  @Test
  void outlineListsWhatATargetTakes() {
    Outline outline =
        new Outline(
            "app",
            "the program",
            List.of(
                new Outline.Arg("LATER", "", "", Location.line(9)),
                new Outline.Arg("VERSION", "to build", "1.2", Location.line(2))),
            List.of(new Outline.Need("token", true, new Location(4, 5))),
            List.of(new Outline.Need("default", false, Location.line(6))),
            ByteString.copyFromUtf8("FROM a"));

    assertThat(outline.answer().metadata())
        .containsEntry("version", "1.0.0")
        .containsEntry(
            "result.txt",
            """
            TARGET:      app
            DESCRIPTION: the program

            BUILD ARG   VALUE   DESCRIPTION
            VERSION     1.2     to build
            LATER              \s

            SECRET   REQUIRED
            token    true

            SSH       REQUIRED
            default  \s

            """);
    assertThat(outline.answer().metadata().get("result.json"))
        .startsWith(
            """
            {
              "name": "app",
              "description": "the program",
              "args": [
                {
                  "name": "VERSION",
                  "description": "to build",
                  "value": "1.2",
                  "location": {
                    "ranges": [
                      {
                        "start": {
                          "line": 2
                        },
                        "end": {
                          "line": 2
                        }
                      }
                    ]
                  }
                },
            """)
        .endsWith(
            """
              "sources": [
                "RlJPTSBh"
              ]
            }""");
  }

  private final LintReport report =
      new LintReport(
          SourceInfo.newBuilder()
              .setFilename("Dockerfile")
              .setLanguage("Dockerfile")
              .setData(ByteString.copyFromUtf8("FROM a\nMAINTAINER b\nRUN \\\n  c\n\n\n\n"))
              .build());

  private void warn(LintFinding finding, Location location) {
    report.warn(new LintWarning(finding.rule(), finding.message(), location));
  }

  @Test
  void warningsAreShownInOrderWithTheirLines() {
    warn(LintFinding.undefinedVar("x", ""), new Location(3, 4));
    warn(LintFinding.maintainerDeprecated(), Location.line(2));

    assertThat(report.answer().metadata())
        .containsEntry("result.statuscode", "1")
        .containsEntry(
            "result.txt",
            """

            WARNING: MaintainerDeprecated - https://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/
            Maintainer instruction is deprecated in favor of using label
            Dockerfile:2
            --------------------
               1 |     FROM a
               2 | >>> MAINTAINER b
               3 |     RUN \\
               4 |       c
            --------------------

            WARNING: UndefinedVar - https://docs.docker.com/go/dockerfile/rule/undefined-var/
            Usage of undefined variable '$x'
            Dockerfile:3
            --------------------
               2 |     MAINTAINER b
               3 | >>> RUN \\
               4 | >>>   c
               5 |    \s
            --------------------
            """);
  }

  @Test
  void cleanFileHasStatusZero() {
    assertThat(report.answer().metadata())
        .containsEntry("result.statuscode", "0")
        .containsEntry("result.txt", "");
    assertThat(report.answer().metadata().get("result.json"))
        .startsWith("{\n  \"warnings\": null,\n  \"sources\": [\n    {\n      \"filename\"");
  }

  @Test
  void buildErrorIsPartOfTheReport() {
    report.fail("no such thing", List.of(Location.line(3)));

    assertThat(report.answer().metadata()).containsEntry("result.statuscode", "1");
    assertThat(report.answer().metadata().get("result.json"))
        .contains("\"buildError\": {\n    \"message\": \"no such thing\",\n    \"location\": {");
  }

  @Test
  void listNamesTheSubrequests() {
    assertThat(SubrequestList.answer().metadata().get("result.txt"))
        .isEqualTo(
            """
            NAME                 VERSION DESCRIPTION
            outline              1.0.0   List all parameters current build target supports
            targets              1.0.0   List all targets current build supports
            subrequests.describe 1.0.0   List available subrequest types
            """);
  }
}
