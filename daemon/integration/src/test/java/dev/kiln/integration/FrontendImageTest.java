package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds whose Dockerfile is read by BuildKit's own frontend, from an image. */
@Timeout(180)
class FrontendImageTest {
  @TempDir static Path folder;
  private static Workshop shop;
  private static String frontend;

  @BeforeAll
  static void open() throws Exception {
    String program = Tools.require("dockerfile-frontend");
    shop = Workshop.open(folder);
    Path context =
        shop.context(
            """
            FROM scratch
            COPY dockerfile-frontend /bin/
            ENTRYPOINT ["/bin/dockerfile-frontend"]
            """);
    Files.copy(Path.of(program), context.resolve("dockerfile-frontend"));
    frontend = shop.image("frontend:1");
    shop.buildctl(context, "--output=type=image,name=" + frontend + ",push=true").ok();
  }

  @AfterAll
  static void close() throws Exception {
    if (shop != null) {
      shop.close();
    }
  }

  private static Path context(String dockerfile) throws IOException {
    return shop.context("# syntax=" + frontend + "\n" + dockerfile);
  }

  @Test
  void stagesMountsAndContextWorkThroughTheImage() throws Exception {
    Path context =
        context(
            """
            FROM BASE AS made
            WORKDIR /work
            ARG WORD=none
            COPY note.txt .
            RUN --mount=type=cache,target=/kept --mount=type=bind,source=note.txt,target=/bound <<EOF
            cat /bound > result
            echo $WORD >> result
            EOF
            FROM scratch
            COPY --from=made /work/result /
            """);
    Files.writeString(context.resolve("note.txt"), "a note\n");
    Path result = shop.fresh("result");
    String[] output = {"--output=type=local,dest=" + result, "--opt=build-arg:WORD=given"};
    shop.buildctl(context, output).ok();
    assertThat(result.resolve("result")).hasContent("a note\ngiven\n");

    String again = shop.buildctl(context, output).ok().err();
    for (String step : List.of("made 2/4", "made 3/4", "made 4/4", "stage-1 1/1")) {
      assertThat(again).containsPattern("(#\\d+) \\[" + step + "\\].*\n\\1 CACHED");
    }
  }

  @Test
  void errorsKeepTheirPlaceAndTheirWords() throws Exception {
    String said = shop.buildctl(context("FROM BASE\nRUN echo so far && exit 3\n")).failed();
    assertThat(said).contains("so far").contains("   3 | >>> RUN echo so far && exit 3");
    assertThat(said).contains("did not complete successfully: exit code: 3");

    said = shop.buildctl(context("FROM BASE\nRUM echo hi\n")).failed();
    assertThat(said).contains("   3 | >>> RUM echo hi").contains("did you mean RUN?");
  }

  @Test
  void frontendThatIsNotThereIsNamed() throws Exception {
    String missing = shop.image("nothing:1");
    String said = shop.buildctl(shop.context("# syntax=" + missing + "\nFROM BASE\n")).failed();
    assertThat(said).contains(missing).contains("not found").contains("   1 | >>> # syntax=");
  }
}
