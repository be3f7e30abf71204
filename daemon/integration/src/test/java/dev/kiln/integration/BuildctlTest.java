package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Builds that buildctl drives; what comes out is read by other people's programs. */
@Timeout(180)
class BuildctlTest {
  private static final String STAGES =
      """
      FROM BASE AS left
      RUN mkdir /made && echo from-left > /made/left
      FROM BASE AS right
      RUN mkdir /made && echo from-right > /made/right && chmod 4750 /made/right
      FROM BASE AS unused
      RUN false
      FROM BASE
      LABEL who=kiln
      ENV WHERE=here
      WORKDIR /work
      COPY --from=left /made/left /out/
      COPY --from=right /made/right /out/
      COPY --chmod=600 note.txt /out/note
      RUN rm -r /tmp && rm /etc/group && ln -s note /out/link && ln /out/note /out/second
      CMD ["cat", "/out/left"]
      """;

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

  private static Path stages() throws IOException {
    Path context = shop.context(STAGES);
    Files.writeString(context.resolve("note.txt"), "a note\n");
    return context;
  }

  @Test
  void pushedImageIsWhatTheDockerfileSays() throws Exception {
    String skopeo = Tools.require("skopeo");
    String name = shop.image("stages:1");
    shop.buildctl(stages(), "--output=type=image,name=" + name + ",push=true").ok();

    String source = "docker://" + name;
    JsonNode config =
        json(Run.of(skopeo, "inspect", "--tls-verify=false", "--config", source).ok());
    assertThat(config.at("/architecture").asString()).isEqualTo(BaseImages.architecture());
    assertThat(config.at("/config/WorkingDir").asString()).isEqualTo("/work");
    assertThat(config.at("/config/Labels/who").asString()).isEqualTo("kiln");
    assertThat(config.at("/config/Cmd").toString()).isEqualTo("[\"cat\",\"/out/left\"]");
    assertThat(config.at("/config/Env").toString()).contains("WHERE=here").contains("PATH=/bin");
    JsonNode image = json(Run.of(skopeo, "inspect", "--tls-verify=false", source).ok());
    assertThat(image.at("/Layers").size()).isEqualTo(config.at("/rootfs/diff_ids").size());

    Path copy = shop.fresh("pulled");
    Run.of(skopeo, "copy", "--src-tls-verify=false", source, "oci:" + copy + ":x").ok();
    assertFiles(unpack(copy, "x"));
  }

  @Test
  void ociExportUnpacksToTheSameFiles() throws Exception {
    String skopeo = Tools.require("skopeo");
    Path tar = shop.fresh("image.tar");
    shop.buildctl(stages(), "--output=type=oci,name=kept:1,dest=" + tar).ok();

    JsonNode image = json(Run.of(skopeo, "inspect", "oci-archive:" + tar).ok());
    assertThat(image.at("/Labels/who").asString()).isEqualTo("kiln");
    Path layout = Files.createDirectory(shop.fresh("layout"));
    Run.of("tar", "-xf", tar.toString(), "-C", layout.toString()).ok();
    JsonNode index = json(Files.readString(layout.resolve("index.json")));
    String tag = index.at("/manifests/0/annotations/org.opencontainers.image.ref.name").asString();
    assertFiles(unpack(layout, tag));
  }

  @Test
  void dockerExportIsReadAsADockerArchive() throws Exception {
    String skopeo = Tools.require("skopeo");
    Path tar = shop.fresh("image.tar");
    shop.buildctl(stages(), "--output=type=docker,name=kept:2,dest=" + tar).ok();

    JsonNode image = json(Run.of(skopeo, "inspect", "docker-archive:" + tar).ok());
    assertThat(image.at("/Labels/who").asString()).isEqualTo("kiln");
    JsonNode manifest = json(Run.of("tar", "-xOf", tar.toString(), "manifest.json").ok());
    assertThat(manifest.at("/0/RepoTags/0").asString()).endsWith("kept:2");
  }

  @Test
  void localExportWritesFiles() throws Exception {
    Path out = shop.fresh("out");
    shop.buildctl(stages(), "--output=type=local,dest=" + out).ok();
    assertFiles(out);
  }

  @Test
  void tarExportHoldsTheSameFiles() throws Exception {
    Run run = shop.buildctl(stages(), "--output=type=tar").ok();
    Map<String, TarArchiveEntry> entries = new LinkedHashMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(run.out()))) {
      for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
        entries.put(each.getName(), each);
      }
    }
    assertThat(entries).containsKeys("out/left", "bin/busybox").doesNotContainKey("etc/group");
    assertThat(entries.get("out/right").getMode() & 07777).isEqualTo(04750);
    assertThat(entries.get("out/link").getLinkName()).isEqualTo("note");
  }

  @Test
  void secondBuildIsCachedAlsoAfterARestart() throws Exception {
    Path context = stages();
    String name = "--output=type=image,name=" + shop.image("cached:1");
    shop.buildctl(context, name).ok();
    assertAllCached(shop.buildctl(context, name).ok());
    shop.restart();
    assertAllCached(shop.buildctl(context, name).ok());
  }

  @Test
  void onlyWhatChangedIsBuiltAgain() throws Exception {
    Path context =
        shop.context(
            """
            FROM BASE
            COPY first /first
            RUN cat /first
            COPY second /second
            RUN cat /second
            """);
    Files.writeString(context.resolve("first"), "1");
    Files.writeString(context.resolve("second"), "2");
    shop.buildctl(context).ok();
    Files.writeString(context.resolve("second"), "3");
    Map<String, Boolean> cached = cached(shop.buildctl(context).ok());
    assertThat(cached.get("RUN cat /first")).isTrue();
    assertThat(cached.get("RUN cat /second")).isFalse();
  }

  @Test
  void theSameRunOfTwoBuildsAtOnceRunsOnce() throws Exception {
    Path context = shop.context("FROM BASE\nRUN echo ran-$$ > /ran && sleep 1\n");
    List<Process> builds = new ArrayList<>();
    List<Path> outs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Path out = shop.fresh("out");
      outs.add(out.resolve("stamp"));
      builds.add(
          new ProcessBuilder(shop.buildctlCommand(context, "--output=type=local,dest=" + out))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    for (Process build : builds) {
      assertThat(build.waitFor()).isZero();
    }
    assertThat(Files.readString(outs.get(0).resolveSibling("ran")))
        .isEqualTo(Files.readString(outs.get(1).resolveSibling("ran")));
  }

  private static void assertAllCached(Run run) {
    Map<String, Boolean> cached = cached(run);
    assertThat(cached).hasSizeGreaterThan(5);
    assertThat(cached.values()).as(run.err()).containsOnly(true);
  }

  /** Which steps of a build were cached, by the text after their number. */
  private static Map<String, Boolean> cached(Run run) {
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, Boolean> cached = new LinkedHashMap<>();
    for (String line : run.err().lines().toList()) {
      String[] words = line.split(" ", 2);
      if (words.length < 2 || !words[0].startsWith("#")) {
        continue;
      }
      int end = words[1].indexOf("] ");
      if (words[1].startsWith("[")
          && end > 0
          && words[1].substring(0, end).matches(".*\\d+/\\d+")) {
        names.put(words[0], words[1].substring(end + 2));
        // The base image is a reference to what the registry holds and is never marked.
        if (!names.get(words[0]).startsWith("FROM ")) {
          cached.putIfAbsent(names.get(words[0]), false);
        }
      } else if (words[1].equals("CACHED") && names.containsKey(words[0])) {
        cached.replace(names.get(words[0]), true);
      }
    }
    return cached;
  }

  private static Path unpack(Path layout, String tag) throws Exception {
    Path bundle = shop.fresh("bundle");
    Run.of(Tools.require("umoci"), "unpack", "--image", layout + ":" + tag, bundle.toString()).ok();
    return bundle.resolve("rootfs");
  }

  private static void assertFiles(Path root) throws IOException {
    assertThat(root.resolve("out/left")).hasContent("from-left");
    assertThat(root.resolve("out/right")).hasContent("from-right");
    assertThat(root.resolve("out/note")).hasContent("a note");
    assertThat(Files.getAttribute(root.resolve("out/right"), "unix:mode"))
        .isEqualTo(0100000 | 04750);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("out/note"))))
        .isEqualTo("rw-------");
    assertThat(Files.readSymbolicLink(root.resolve("out/link"))).hasToString("note");
    assertThat(root.resolve("out/second")).hasContent("a note");
    assertThat(root.resolve("work")).isEmptyDirectory();
    assertThat(Files.exists(root.resolve("tmp"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(root.resolve("etc/group")).doesNotExist();
    assertThat(root.resolve("etc/passwd")).exists();
    try (InputStream busybox = Files.newInputStream(root.resolve("bin/busybox"))) {
      assertThat(new String(busybox.readNBytes(4), StandardCharsets.ISO_8859_1)).endsWith("ELF");
    }
  }

  private static JsonNode json(Run run) {
    return json(run.output());
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
