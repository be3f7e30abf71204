package dev.kiln.dockerfile;

import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.FileAction;
import dev.kiln.dockerfile.llb.ImageName;
import dev.kiln.dockerfile.llb.Marshaller;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One folder of test data: a Dockerfile, and in {@code case.json} the options of the build and the
 * files of local directories ({@code "local:path": "text"}).
 */
public record ConvertCase(String name, Path folder, FakeBridge bridge) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** All cases of a folder, by name. */
  public static List<ConvertCase> all(Path root) {
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("Dockerfile")))
          .sorted()
          .map(folder -> read(root, folder))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConvertCase read(Path root, Path folder) {
    try {
      Path description = folder.resolve("case.json");
      JsonNode node =
          JSON.readTree(Files.exists(description) ? Files.readString(description) : "{}");
      FakeBridge bridge = new FakeBridge(texts(node.path("options")));
      bridge.dockerfile(Files.readString(folder.resolve("Dockerfile")));
      texts(node.path("files"))
          .forEach(
              (key, text) -> {
                int colon = key.indexOf(':');
                if (colon < 0) {
                  addInput(bridge);
                } else {
                  bridge.file(key.substring(0, colon), key.substring(colon + 1), text);
                }
              });
      JSON.readTree(Files.readString(root.resolve("images.json")))
          .properties()
          .forEach(
              image ->
                  bridge.image(
                      image.getKey(),
                      new FakeBridge.FakeImage(
                          image.getValue().path("digest").asString(),
                          image.getValue().path("config").toString())));
      return new ConvertCase(folder.getFileName().toString(), folder, bridge);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addInput(FakeBridge bridge) {
    Platform platform = Platform.of("linux", "amd64", "");
    bridge.input(
        "in",
        Marshaller.marshal(
            Sources.image(ImageName.parse("input"), "default", Constraints.NONE.on(platform))
                .file(
                    List.of(new FileAction.MkDir("/in", 0755, false, null, FileAction.NO_TIME)),
                    Constraints.NONE),
            platform));
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString()));
    return texts;
  }

  @Override
  public String toString() {
    return name;
  }
}
