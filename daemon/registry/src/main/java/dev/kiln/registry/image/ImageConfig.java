package dev.kiln.registry.image;

import dev.kiln.snapshotter.content.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What Kiln reads from an image's config: OCI image-spec, config.md. It is a view only; whoever
 * changes a config works on its JSON, so that fields unknown here survive.
 *
 * @param platform as the config says, not normalised
 * @param created RFC 3339 text, or empty
 * @param diffIds digests of the uncompressed layers, lowest first
 * @param process how a container of this image starts
 */
public record ImageConfig(
    Platform platform,
    String created,
    List<Digest> diffIds,
    List<HistoryEntry> history,
    ProcessDefaults process) {

  /**
   * How a container starts when nothing else is asked for.
   *
   * @param env lines of the form {@code NAME=value}
   */
  public record ProcessDefaults(
      String user,
      List<String> env,
      List<String> entrypoint,
      List<String> command,
      String workingDirectory,
      Map<String, String> labels) {}

  /**
   * One step of the image's making.
   *
   * @param created RFC 3339 text, or empty
   * @param emptyLayer whether the step left no layer
   */
  public record HistoryEntry(
      String created, String createdBy, String author, String comment, boolean emptyLayer) {}

  public ImageConfig {
    diffIds = List.copyOf(diffIds);
    history = List.copyOf(history);
  }

  /**
   * Reads the JSON form.
   *
   * @throws InvalidImageException if it is no JSON object or its diff ids are no digests
   */
  public static ImageConfig parse(byte[] json) throws InvalidImageException {
    ImageJson root = ImageJson.read(json, "image config");
    ImageJson process = root.child("config");
    return new ImageConfig(
        root.platform(),
        root.text("created"),
        root.child("rootfs").digests("diff_ids"),
        history(root),
        new ProcessDefaults(
            process.text("User"),
            process.strings("Env"),
            process.strings("Entrypoint"),
            process.strings("Cmd"),
            process.text("WorkingDir"),
            process.texts("Labels")));
  }

  private static List<HistoryEntry> history(ImageJson root) {
    List<HistoryEntry> entries = new ArrayList<>();
    for (ImageJson entry : root.children("history")) {
      entries.add(
          new HistoryEntry(
              entry.text("created"),
              entry.text("created_by"),
              entry.text("author"),
              entry.text("comment"),
              entry.flag("empty_layer")));
    }
    return entries;
  }
}
