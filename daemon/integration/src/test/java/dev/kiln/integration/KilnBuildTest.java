package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds by the packed command of Kiln itself. */
@Timeout(180)
class KilnBuildTest {
  @TempDir static Path folder;
  private static Workshop shop;

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

  private static Run kiln(Map<String, String> more, String... arguments)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(shop.environment());
    environment.put("KILN_HOST", shop.kilnd().address());
    environment.putAll(more);
    List<String> command = new ArrayList<>(List.of(KilndProcess.launcher("kiln").toString()));
    command.addAll(List.of(arguments));
    return Run.of(environment, folder, command);
  }

  private static Path hello() throws IOException {
    return shop.context(
        """
        FROM BASE
        ARG WHO=nobody
        RUN echo "hello $WHO" > /hello
        CMD ["cat", "/hello"]
        """);
  }

  @Test
  void writesFilesAndShowsStepsAsPeopleKnowThem() throws Exception {
    Path out = shop.fresh("out");
    Run run =
        kiln(
                Map.of(),
                "build",
                hello().toString(),
                "--progress=plain",
                "--build-arg=WHO=files",
                "--output",
                out.toString())
            .ok();
    assertThat(out.resolve("hello")).hasContent("hello files");
    assertThat(run.err())
        .contains("[internal] load build definition from Dockerfile")
        .contains("RUN echo \"hello files\" > /hello");
  }

  @Test
  void buildWithoutOutputWarns() throws Exception {
    assertThat(kiln(Map.of(), "build", hello().toString()).ok().err())
        .contains("No output specified");
  }

  @Test
  void pushesAndWritesTheImagesDigest() throws Exception {
    Path file = shop.fresh("iid");
    String name = shop.image("by-kiln:1");
    kiln(Map.of(), "build", "--push", "-t", name, "--iidfile", file.toString(), hello().toString())
        .ok();
    assertThat(Files.readString(file)).matches("sha256:[0-9a-f]{64}");
    Run.of(Tools.require("skopeo"), "inspect", "--tls-verify=false", "docker://" + name).ok();
  }

  @Test
  void loadsIntoARealEngineButNotSeveralPlatformsAtOnce() throws Exception {
    try (DockerEngine engine = DockerEngine.start(shop.fresh("engine"))) {
      Map<String, String> host = Map.of("DOCKER_HOST", engine.address());
      String context = hello().toString();
      kiln(host, "build", "--load", "-t", "hello:kiln", "--build-arg=WHO=kiln", context).ok();
      assertThat(engine.docker("run", "--rm", "--network=none", "hello:kiln").ok().output())
          .isEqualTo("hello kiln\n");

      String said =
          kiln(host, "build", "--load", "--platform=linux/amd64,linux/arm64", context).failed();
      assertThat(said)
          .contains("could not load images of 2 platforms at once")
          .contains("--output type=oci,dest=FILE or --push");
    }
  }

  @Test
  void contextThatIsNotThereIsNamed() throws Exception {
    assertThat(kiln(Map.of(), "build", "no-such-folder").failed()).contains("no-such-folder");
  }

  @Test
  void daemonThatIsNotThereIsNamed() throws Exception {
    Path socket = folder.resolve("nobody.sock");
    assertThat(kiln(Map.of("KILN_HOST", "unix://" + socket), "build", hello().toString()).failed())
        .contains(socket.toString());
  }
}
