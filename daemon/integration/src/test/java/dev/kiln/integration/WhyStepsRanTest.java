package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the daemon says of steps that missed the cache: in its log and in the build's record. */
@Timeout(180)
class WhyStepsRanTest {
  private static final String MEDIA_TYPE = "application/vnd.kiln.misses.v1+json";
  private static final String DIGEST = "sha256:[0-9a-f]{64}";

  @TempDir static Path folder;
  private static Workshop shop;

  private Path context;

  @BeforeAll
  static void open() throws Exception {
    shop = Workshop.open(folder);
  }

  @AfterAll
  static void close() throws Exception {
    if (shop != null) {
      shop.close();
    }
  }

  @BeforeEach
  void buildOnce(org.junit.jupiter.api.TestInfo test) throws Exception {
    context =
        shop.context(
            """
            FROM BASE
            ARG VERSION=1
            ENV TEST=%s MODE=fast
            COPY src/ /src/
            RUN --mount=type=cache,target=/cache echo "$VERSION" > /made
            """
                .formatted(test.getDisplayName()));
    Files.createDirectories(context.resolve("src/deep"));
    Files.writeString(context.resolve("src/deep/a.c"), "int a;\n");
    Files.writeString(context.resolve("src/b.c"), "int b;\n");
    Files.writeString(context.resolve("src/test"), test.getDisplayName());
    shop.buildctl(context).ok();
    // Nothing ran, so nothing is told.
    assertThat(reasons()).isEmpty();
  }

  /** Builds again; gives the reason of each step that ran, by the log. */
  private List<String> reasons(String... more) throws Exception {
    int before = shop.kilnd().log().length();
    shop.buildctl(context, more).ok();
    List<String> reasons = new ArrayList<>();
    for (String line : shop.kilnd().log().substring(before).lines().toList()) {
      int at = line.indexOf(" ran: ");
      if (line.contains("msg=\"step ") && at > 0) {
        reasons.add(line.substring(at + " ran: ".length(), line.lastIndexOf('"')));
      }
    }
    return reasons;
  }

  private void edit(String from, String to) throws IOException {
    Path file = context.resolve("Dockerfile");
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  /** The report of the latest build, fetched as any client would. */
  private JsonNode report() throws Exception {
    String buildctl = Tools.require("buildctl");
    String address = "--addr=" + shop.kilnd().address();
    String events =
        Run.of(buildctl, address, "debug", "histories", "--format={{json .}}").ok().output();
    JsonNode newest = null;
    for (String line : events.lines().filter(each -> !each.isBlank()).toList()) {
      JsonNode record = JsonMapper.shared().readTree(line).at("/record");
      if (newest == null || created(record).compareTo(created(newest)) > 0) {
        newest = record;
      }
    }
    assertThat(newest).isNotNull();
    for (JsonNode blob : newest.at("/Result/Attestations")) {
      if (blob.at("/media_type").asString().equals(MEDIA_TYPE)) {
        String digest = blob.at("/digest").asString();
        return JsonMapper.shared()
            .readTree(Run.of(buildctl, address, "debug", "get", digest).ok().out());
      }
    }
    throw new AssertionError("no report in " + newest);
  }

  private static String created(JsonNode record) {
    JsonNode at = record.at("/CreatedAt");
    return "%020d.%09d".formatted(at.at("/seconds").asLong(0), at.at("/nanos").asLong(0));
  }

  @Test
  void fileIsNamedWithItsDigests() throws Exception {
    Files.writeString(context.resolve("src/deep/a.c"), "int a = 1;\n");
    List<String> reasons = reasons();
    assertThat(reasons).hasSize(2);
    assertThat(reasons.get(0))
        .matches("file \"src/deep/a.c\" was " + DIGEST + ", is now " + DIGEST);
    assertThat(reasons.get(1)).matches("its input \".*COPY src/ /src/\" was made anew");

    JsonNode step = report().at("/steps/0");
    assertThat(step.at("/name").asString()).endsWith("COPY src/ /src/");
    assertThat(step.at("/reason").asString()).isEqualTo("changed");
    assertThat(step.at("/what").asString()).isEqualTo("file \"src/deep/a.c\"");
    assertThat(step.at("/before").asString()).matches(DIGEST);
    assertThat(step.at("/now").asString()).matches(DIGEST);
    assertThat(step.at("/text").asString()).isEqualTo(reasons.get(0));
    assertThat(step.at("/nearest/name").asString()).endsWith("COPY src/ /src/");
  }

  @Test
  void newFilesAreNamed() throws Exception {
    Files.writeString(context.resolve("src/c.c"), "int c;\n");
    assertThat(reasons().getFirst()).matches("file \"src/c.c\" is new: " + DIGEST);
  }

  @Test
  void touchedFileIsNoReason() throws Exception {
    Path file = context.resolve("src/b.c");
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1_000_000));
    assertThat(reasons()).isEmpty();
  }

  @Test
  void buildArgument() throws Exception {
    assertThat(reasons("--opt=build-arg:VERSION=2"))
        .containsExactly("build argument VERSION was \"1\", is now \"2\"");
    assertThat(report().at("/steps/0/what").asString()).isEqualTo("build argument VERSION");
  }

  @Test
  void environmentVariable() throws Exception {
    edit("MODE=fast", "MODE=slow");
    assertThat(reasons())
        .containsExactly("environment variable MODE was \"fast\", is now \"slow\"");
  }

  @Test
  void command() throws Exception {
    edit("> /made", "> /made2");
    assertThat(reasons())
        .containsExactly(
            "command was \"/bin/sh -c echo \\\"$VERSION\\\" > /made\","
                + " is now \"/bin/sh -c echo \\\"$VERSION\\\" > /made2\"");
  }

  @Test
  void cacheMountOnly() throws Exception {
    edit("target=/cache", "target=/cache,sharing=locked");
    assertThat(reasons())
        .containsExactly("cache mount /cache was \"//cache, shared\", is now \"//cache, locked\"");
  }

  @Test
  void baseImage() throws Exception {
    String other = BaseImages.busybox(shop.registry(), "other");
    edit(shop.busybox(), other);
    assertThat(reasons().getFirst())
        .matches("base image was \"[^\"]*@" + DIGEST + "\", is now \"[^\"]*@" + DIGEST + "\"");
  }

  @Test
  void noCache() throws Exception {
    String asked = "the build asked for it to run without the cache";
    assertThat(reasons("--no-cache")).containsExactly(asked, asked);
    assertThat(report().at("/steps/0/reason").asString()).isEqualTo("no-cache");
  }

  @Test
  void whatWasPrunedIsGone() throws Exception {
    Run.of(Tools.require("buildctl"), "--addr=" + shop.kilnd().address(), "prune", "--all").ok();
    assertThat(reasons().getFirst()).matches("its result of [0-9T:.Z-]+ is gone");
  }

  @Test
  void newStepWasNeverBuilt() throws Exception {
    edit("COPY src/", "WORKDIR /new/place\nCOPY src/");
    assertThat(reasons().getFirst()).isEqualTo("it was never built before");
    assertThat(report().at("/steps/0/reason").asString()).isEqualTo("never-built");
  }

  @Test
  void recordsOutliveTheDaemon() throws Exception {
    shop.restart();
    assertThat(reasons("--opt=build-arg:VERSION=3"))
        .containsExactly("build argument VERSION was \"1\", is now \"3\"");
  }
}
