package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds that docker buildx drives through its remote driver; a real engine runs what comes out.
 */
@Timeout(180)
class BuildxTest {
  private static final String GREETING =
      """
      FROM BASE AS made
      ARG WHO=nobody
      RUN echo "hello $WHO" > /greeting && chown 12:34 /greeting
      FROM BASE
      COPY --from=made /greeting /greeting
      CMD ["sh", "-c", "cat /greeting && stat -c %u:%g /greeting"]
      """;

  @TempDir static Path folder;
  private static Workshop shop;

  @BeforeAll
  static void open() throws Exception {
    Tools.require("buildx");
    shop = Workshop.open(folder);
    buildx(Map.of(), "create", "--name=kiln", "--driver=remote", shop.kilnd().address()).ok();
  }

  @AfterAll
  static void close() throws Exception {
    if (shop != null) {
      shop.close();
    }
  }

  private static Run buildx(Map<String, String> more, String... arguments)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(shop.environment());
    environment.putAll(more);
    List<String> command = new ArrayList<>(List.of(Tools.require("buildx")));
    command.addAll(List.of(arguments));
    return Run.of(environment, folder, command);
  }

  private static Run build(Path context, String... arguments)
      throws IOException, InterruptedException {
    return build(Map.of(), context, arguments);
  }

  private static Run build(Map<String, String> more, Path context, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--builder=kiln", "build", "--progress=plain"));
    all.addAll(List.of(arguments));
    all.add(context.toString());
    return buildx(more, all.toArray(String[]::new));
  }

  @Test
  void builderTellsItsPlatforms() throws Exception {
    Run run = buildx(Map.of(), "inspect", "kiln").ok();
    assertThat(run.output())
        .contains("Status:")
        .contains("running")
        .contains("linux/" + BaseImages.architecture());
  }

  @Test
  void pushedIndexHoldsImageAndProvenance() throws Exception {
    build(shop.context(GREETING), "--push", "--tag=" + shop.image("greeting:1")).ok();

    JsonNode index = manifest("greeting", "1");
    assertThat(index.at("/mediaType").asString())
        .isEqualTo("application/vnd.oci.image.index.v1+json");
    assertThat(index.at("/manifests").size()).isEqualTo(2);
    JsonNode image = index.at("/manifests/0");
    assertThat(image.at("/platform/architecture").asString()).isEqualTo(BaseImages.architecture());
    JsonNode attestation = index.at("/manifests/1");
    assertThat(attestation.at("/platform/os").asString()).isEqualTo("unknown");
    assertThat(attestation.at("/annotations").toString())
        .contains("\"vnd.docker.reference.type\":\"attestation-manifest\"")
        .contains(image.at("/digest").asString());

    JsonNode layer = manifest("greeting", attestation.at("/digest").asString()).at("/layers/0");
    assertThat(layer.at("/mediaType").asString()).isEqualTo("application/vnd.in-toto+json");
    assertThat(layer.at("/annotations").toString()).contains("slsa.dev/provenance/");
    JsonNode statement = get("greeting/blobs/" + layer.at("/digest").asString());
    assertThat(statement.at("/subject/0/digest/sha256").asString())
        .isEqualTo(image.at("/digest").asString().substring("sha256:".length()));
    assertThat(statement.at("/predicate").toString()).contains("busybox");
  }

  @Test
  void dockerArchiveRunsInARealEngine() throws Exception {
    Path tar = shop.fresh("image.tar");
    build(
            shop.context(GREETING),
            "--build-arg=WHO=tar",
            "--output=type=docker,name=greeting:tar,dest=" + tar)
        .ok();
    try (DockerEngine engine = DockerEngine.start(shop.fresh("engine"))) {
      engine.docker("load", "--input", tar.toString()).ok();
      Run run = engine.docker("run", "--rm", "--network=none", "greeting:tar").ok();
      assertThat(run.output()).isEqualTo("hello tar\n12:34\n");
    }
  }

  @Test
  void loadPutsTheImageIntoARealEngine() throws Exception {
    try (DockerEngine engine = DockerEngine.start(shop.fresh("engine"))) {
      build(
              Map.of("DOCKER_HOST", engine.address()),
              shop.context(GREETING),
              "--load",
              "--build-arg=WHO=load",
              "--tag=greeting:load")
          .ok();
      Run run = engine.docker("run", "--rm", "--network=none", "greeting:load").ok();
      assertThat(run.output()).isEqualTo("hello load\n12:34\n");
    }
  }

  @Test
  void metadataFileNamesWhatWasPushed() throws Exception {
    Path file = shop.fresh("metadata.json");
    String name = shop.image("greeting:meta");
    build(
            shop.context(GREETING),
            "--provenance=false",
            "--push",
            "--tag=" + name,
            "--metadata-file=" + file)
        .ok();
    JsonNode metadata = JsonMapper.shared().readTree(Files.readString(file));
    assertThat(metadata.get("image.name").asString()).isEqualTo(name);
    String digest = metadata.get("containerimage.digest").asString();
    assertThat(manifest("greeting", digest).at("/config").isMissingNode()).isFalse();
  }

  @Test
  void failedStepIsShownWithItsPlaceInTheFile() throws Exception {
    Path context = shop.context("FROM BASE\nRUN echo before && exit 9\n");
    assertThat(build(context).failed())
        .contains("Dockerfile:2")
        .contains(">>> RUN echo before && exit 9")
        .contains("did not complete successfully: exit code: 9");
  }

  private static JsonNode manifest(String repository, String reference) throws Exception {
    return get(repository + "/manifests/" + reference);
  }

  private static JsonNode get(String path) throws IOException, InterruptedException {
    try (HttpClient http =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + shop.registry().host() + "/v2/" + path))
              .header(
                  "Accept",
                  "application/vnd.oci.image.index.v1+json,"
                      + " application/vnd.oci.image.manifest.v1+json")
              .build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as("%s\n%s", path, response.body()).isEqualTo(200);
      return JsonMapper.shared().readTree(response.body());
    }
  }
}
