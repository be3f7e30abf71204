package dev.kiln.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.parser.DockerfileException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random Dockerfiles of lines that mostly make sense, with options, turned into LLB. Only the meant
 * exceptions may come out. A failure names the seed; {@code -Dkiln.seed=N} replays it, and {@code
 * -Dkiln.seeds=N} runs so many from there.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConversionFuzzTest {
  private static final int LINES = 14;
  private static final List<String> FROMS =
      List.of(
          "FROM scratch",
          "FROM scratch AS a",
          "FROM busybox AS b",
          "FROM a AS c",
          "FROM $A",
          "FROM ${A:-scratch}",
          "FROM --platform=$BUILDPLATFORM busybox",
          "FROM --platform=linux/arm/v7 scratch AS b",
          "FROM missing",
          "FROM c",
          "FROM UPPER AS Bad");
  private static final List<String> STEPS =
      List.of(
          "RUN echo $A",
          "RUN [\"x\", \"y\"]",
          "RUN [\"x\", y]",
          "RUN <<E\necho $A\nE",
          "RUN --mount=type=cache,target=/c,sharing=locked,id=$A x",
          "RUN --mount=type=bind,from=b,source=/x,target=/t x",
          "RUN --mount=type=tmpfs,target=/t,size=1m --network=none x",
          "RUN --mount=type=secret,id=s,env=S,required x",
          "RUN --mount=type=ssh,mode=0600 x",
          "RUN --mount=type=odd x",
          "RUN --security=insecure --device=v/c=d x",
          "COPY . /",
          "COPY --from=a /x /y",
          "COPY --from=0 /x /y",
          "COPY --from=9 /x /y",
          "COPY --from=busybox /x /y",
          "COPY --from=c a b",
          "COPY --link --chmod=u+x --chown=$A:7 a* b/",
          "COPY --parents --exclude=*.md a/**/b /c/",
          "COPY <<E <<F /d/\n$A\nE\nF\nF",
          "COPY a",
          "ADD --checksum=sha256:00 http://example.org/a /b",
          "ADD http://example.org/a.tar /b/",
          "ADD https://example.org/r.git#main:sub /r",
          "ADD --unpack=true --keep-git-dir a.tar /",
          "ENV A=b B=${A:-c} C=${A#x} D=${A/x/y}",
          "ENV A ${A:?}",
          "ARG A",
          "ARG A=${B:+x} TARGETARCH",
          "LABEL a=b \"c d\"=e",
          "WORKDIR sub/$A",
          "WORKDIR /",
          "USER $A:$B",
          "CMD x $A",
          "ENTRYPOINT [\"x\"]",
          "EXPOSE 80-82/tcp $A 53/udp",
          "EXPOSE 9-1",
          "VOLUME /v [\"/w\"]",
          "STOPSIGNAL SIG$A",
          "HEALTHCHECK --interval=5s --retries=-1 CMD x",
          "HEALTHCHECK NONE",
          "SHELL [\"powershell\", \"-c\"]",
          "SHELL x",
          "MAINTAINER me",
          "ONBUILD RUN x",
          "ONBUILD COPY --from=a /x /",
          "ONBUILD FROM x",
          "RUNN x",
          "# comment");
  private static final List<String> VALUES = List.of("", "a", "b", "0", "/", "$A", "é", "a b", "c");

  @Test
  void conversionFailsOnlyAsMeant() {
    long first = Long.getLong("kiln.seed", System.nanoTime());
    int seeds = Integer.getInteger("kiln.seeds", 3_000);
    int built = 0;
    for (long seed = first; seed < first + seeds; seed++) {
      built += converts(seed) ? 1 : 0;
    }
    // Otherwise it would be the parser alone that is tried.
    if (seeds >= 3_000) {
      assertThat(built).as("seeds from %d", first).isGreaterThan(seeds / 50);
    }
  }

  private static boolean converts(long seed) {
    Random random = new Random(seed);
    String text = text(random);
    FakeBridge bridge =
        new FakeBridge(options(random))
            .dockerfile(text)
            .image(
                "docker.io/library/busybox",
                new FakeBridge.FakeImage(
                    "sha256:" + "a".repeat(64),
                    "{\"architecture\":\"@ARCH@\",\"os\":\"linux\",\"config\":{\"Env\":[\"P=q\"],"
                        + "\"OnBuild\":[\"RUN triggered\"]}}"));
    try {
      new DockerfileFrontend().build(bridge);
      return true;
    } catch (DockerfileException | FrontendException meant) {
      assertThat(meant.getMessage()).as("seed %d, text %s", seed, text).isNotBlank();
    } catch (RuntimeException | StackOverflowError e) {
      if (!FakeBridge.isRefusal(e)) {
        fail("seed " + seed + ", text " + text, e);
      }
    }
    return false;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "ARG A=scratch\n" : "");
    for (int i = random.nextInt(LINES); i >= 0; i--) {
      boolean from = text.indexOf("FROM") < 0 || random.nextInt(5) == 0;
      List<String> lines = from ? FROMS : STEPS;
      String line = lines.get(random.nextInt(lines.size()));
      text.append(random.nextInt(40) == 0 ? mangled(line, random) : line).append('\n');
    }
    return text.toString();
  }

  private static String mangled(String line, Random random) {
    int at = random.nextInt(line.length());
    return line.substring(0, at)
        + VALUES.get(random.nextInt(VALUES.size()))
        + line.substring(at + 1);
  }

  private static Map<String, String> options(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> Map.of("build-arg:A", VALUES.get(random.nextInt(VALUES.size())));
      case 1 -> Map.of("target", VALUES.get(random.nextInt(VALUES.size())));
      case 2 -> Map.of("platform", "linux/amd64,linux/arm64");
      case 3 -> Map.of("no-cache", "a", "build-arg:SOURCE_DATE_EPOCH", "12");
      case 4 -> Map.of("context:busybox", "docker-image://busybox", "label:x", "y");
      case 5 -> Map.of("multi-platform", "1", "image-resolve-mode", "pull");
      default -> Map.of();
    };
  }
}
