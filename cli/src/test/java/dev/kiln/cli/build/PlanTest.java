package dev.kiln.cli.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.cli.engine.DockerEngine;
import dev.kiln.cli.flag.UsageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PlanTest {
  @TempDir Path folder;
  private byte[] stdin = {};

  private SolvePlan plan(String... arguments) throws IOException {
    BuildFlags flags = new BuildFlags();
    CommandLine line =
        new CommandLine(
            CommandLine.Model.CommandSpec.create()
                .addMixin("f", CommandLine.Model.CommandSpec.forAnnotatedObject(flags)));
    var _ = line.parseArgs(arguments);
    return new BuildPlanner(
            flags,
            Map.of("FROM_ENV", "e"),
            new ByteArrayInputStream(stdin),
            () -> new OldEngine(),
            news -> {})
        .plan();
  }

  private static final class OldEngine implements DockerEngine {
    @Override
    public boolean takesLists() {
      return false;
    }

    @Override
    public Loading load() throws IOException {
      throw new IOException("not in this test");
    }
  }

  @Test
  void flagsBecomeTheFrontendsAttributes() throws IOException {
    Files.writeString(folder.resolve("dockerfile"), "FROM scratch");
    try (SolvePlan plan =
        plan(
            folder.toString(),
            "--build-arg=A=1",
            "--build-arg",
            "FROM_ENV",
            "--platform",
            "amd64,arm64",
            "--no-cache",
            "--pull=true",
            "--network",
            "host",
            "--provenance=false")) {
      assertThat(plan.attributes())
          .isEqualTo(
              Map.of(
                  "build-arg:A", "1",
                  "build-arg:FROM_ENV", "e",
                  "filename", "dockerfile",
                  "platform", "linux/amd64,linux/arm64",
                  "no-cache", "",
                  "image-resolve-mode", "pull",
                  "force-network-mode", "host"));
      assertThat(plan.entitlements).containsExactly("network.host");
      assertThat(plan.directories.keySet()).containsExactly("context", "dockerfile");
      assertThat(plan.hasNoOutput()).isTrue();
    }
  }

  @Test
  void provenanceIsWantedUnlessTurnedOff() throws IOException {
    try (SolvePlan plan = plan(folder.toString())) {
      assertThat(plan.attributes()).containsEntry("attest:provenance", "mode=min,inline-only=true");
    }
  }

  @Test
  void stdinIsATarOrADockerfile() throws IOException {
    stdin = "FROM scratch\n".getBytes(UTF_8);
    Path made;
    try (SolvePlan plan = plan("-")) {
      made = plan.directories.get("dockerfile");
      assertThat(made.resolve("Dockerfile")).hasContent("FROM scratch");
      assertThat(plan.attributes()).containsEntry("dockerfilekey", "dockerfile");
    }
    assertThat(made).doesNotExist();
    stdin = tar();
    try (SolvePlan plan = plan("-")) {
      assertThat(plan.attributes().get("context")).startsWith("http://buildkit-session/");
      assertThat(plan.directories).isEmpty();
    }
  }

  private static byte[] tar() throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry("Dockerfile"));
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  @Test
  void namedContextsAreFoldersImagesAndLayouts() throws IOException {
    Path layout = Files.createDirectory(folder.resolve("layout"));
    String digest = "sha256:" + "ab".repeat(32);
    new LayoutIndex(layout).putTag("{\"digest\":\"" + digest + "\"}", "v1");
    try (SolvePlan plan =
        plan(
            folder.toString(),
            "--build-context",
            "a=" + folder,
            "--build-context",
            "busybox:latest=docker-image://alpine",
            "--build-context",
            "l=oci-layout://" + layout + ":v1")) {
      Map<String, String> attributes = new HashMap<>(plan.attributes());
      assertThat(attributes)
          .containsEntry("context:a", "local:a")
          .containsEntry("context:busybox", "docker-image://alpine")
          .containsEntry("frontend.caps", "moby.buildkit.frontend.contexts+forward");
      assertThat(attributes.get("context:l")).startsWith("oci-layout://").endsWith(":v1@" + digest);
      assertThat(plan.stores).hasSize(1);
    }
  }

  @Test
  void severalPlatformsAreNotLoadedIntoAnOldEngine() {
    assertThatThrownBy(() -> plan(folder.toString(), "--load", "--platform", "amd64,arm64"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("load one with --platform");
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> plan("/no/such")).hasMessageContaining("path \"/no/such\" not found");
    assertThatThrownBy(() -> plan(folder.toString(), "--push"))
        .hasMessageContaining("tag is needed");
    assertThatThrownBy(() -> plan(folder.toString(), "-t", "UPPER"))
        .hasMessageContaining("invalid tag");
    assertThatThrownBy(() -> plan(folder.toString(), "more")).hasMessageContaining("exactly one");
    assertThatThrownBy(() -> plan("-", "-f", "-")).hasMessageContaining("both build context");
  }

  @Test
  void aLayoutsIndexKeepsOneEntryForEachTag() throws IOException {
    LayoutIndex index = new LayoutIndex(folder);
    index.putTag("{\"digest\":\"sha256:1\"}", "latest");
    index.putTag("{\"digest\":\"sha256:2\"}", "latest");
    index.putName("{\"digest\":\"sha256:3\"}", "docker.io/library/a:v2");
    assertThat(index.find("latest")).contains("sha256:2");
    assertThat(index.find("v2")).contains("sha256:3");
    assertThat(index.find("docker.io/library/a:v2")).contains("sha256:3");
    assertThat(index.find("other")).isEmpty();
  }

  @Test
  void frontendsAreToldOfCaches() throws IOException {
    String digest = "sha256:" + "cd".repeat(32);
    new LayoutIndex(folder).putTag("{\"digest\":\"" + digest + "\"}", "latest");
    try (SolvePlan plan =
        plan(
            folder.toString(),
            "--cache-from",
            "type=local,src=" + folder,
            "--cache-from",
            "type=local,src=/no/such/cache",
            "--cache-from",
            "r/c:1")) {
      assertThat(plan.attributes().get("cache-imports"))
          .isEqualTo(
              "[{\"Type\":\"local\",\"Attrs\":{\"digest\":\"%s\",\"src\":\"%s\"}},"
                      .formatted(digest, folder)
                  + "{\"Type\":\"registry\",\"Attrs\":{\"ref\":\"r/c:1\"}}]");
      assertThat(plan.stores.keySet()).containsExactly("local:" + folder);
    }
  }

  @Test
  void remoteContextsAreTold() {
    assertThat(RemoteUrl.matches("git@github.com:a/b.git")).isTrue();
    assertThat(RemoteUrl.matches("https://example.com/x.tar")).isTrue();
    assertThat(RemoteUrl.matches("./https")).isFalse();
    assertThat(RemoteUrl.isGitWithQuery("https://github.com/a/b.git?ref=main")).isTrue();
    assertThat(RemoteUrl.isGitWithQuery("https://example.com/x.tar?a=b")).isFalse();
  }
}
