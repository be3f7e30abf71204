package dev.kiln.cli.build;

import dev.kiln.cli.engine.DockerEngine;
import dev.kiln.cli.engine.EngineLoad;
import dev.kiln.cli.flag.Flags;
import dev.kiln.cli.flag.OutputSpec;
import dev.kiln.cli.flag.UsageException;
import dev.kiln.cli.progress.StatusSink;
import dev.kiln.cli.progress.Terminal;
import dev.kiln.snapshotter.fileop.Owner;
import dev.kiln.wire.attach.AttachedOutputs.DirectoryTarget;
import dev.kiln.wire.attach.AttachedOutputs.FileTarget;
import dev.kiln.wire.blobs.BlobDirectory;
import dev.kiln.wire.control.Exporter;
import dev.kiln.wire.transfer.ReceiveOptions;
import dev.kiln.wire.transfer.TreeReceiver;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Turns outputs into exporters of the daemon, and takes what they send. */
final class Outputs {
  private static final String DESCRIPTOR = "containerimage.descriptor";

  private final SolvePlan plan;
  private final Supplier<DockerEngine> engine;
  private final StatusSink progress;
  private final int platforms;
  private final boolean attests;
  private boolean stdoutTaken;

  /**
   * @param platforms how many there are
   * @param attests whether attestations were asked for, which need an index
   */
  Outputs(
      SolvePlan plan,
      Supplier<DockerEngine> engine,
      StatusSink progress,
      int platforms,
      boolean attests) {
    this.plan = plan;
    this.engine = engine;
    this.progress = progress;
    this.platforms = platforms;
    this.attests = attests;
  }

  /** Adds the outputs to the plan. */
  void add(List<OutputSpec> outputs, List<String> tags, Map<String, String> annotations)
      throws IOException {
    for (OutputSpec output : outputs) {
      if (output.type().equals("cacheonly")) {
        continue;
      }
      boolean image = List.of("image", "oci", "docker").contains(output.type());
      OutputSpec named =
          image && !tags.isEmpty() ? output.with(Map.of("name", String.join(",", tags))) : output;
      if (named.has("push") && !named.attributes().containsKey("name")) {
        throw new UsageException("tag is needed when pushing to registry; name one with --tag");
      }
      addOne(named.with(annotations));
    }
  }

  private void addOne(OutputSpec output) throws IOException {
    switch (output.type()) {
      case "local" -> {
        folder(output);
        exporter(output.type(), output);
      }
      case "tar" -> {
        file(output, output.destination().isEmpty() ? "-" : output.destination());
        exporter(output.type(), output);
      }
      case "oci", "docker" -> archive(output);
      default -> exporter(output.type(), output);
    }
  }

  private void exporter(String type, OutputSpec output) {
    plan.exporters.add(
        Exporter.newBuilder().setType(type).putAllAttrs(output.attributes()).build());
  }

  private int next() {
    return plan.exporters.size();
  }

  private void archive(OutputSpec output) throws IOException {
    boolean tar = Flags.truth(output.attributes().getOrDefault("tar", "true")).orElse(true);
    if (!tar) {
      layout(output);
      exporter(output.type(), output);
    } else if (output.type().equals("docker") && output.destination().isEmpty()) {
      load(output);
    } else {
      if (output.type().equals("docker") && (platforms > 1 || attests)) {
        throw new UsageException(
            "docker exporter does not support exporting manifest lists, use the oci exporter"
                + " instead");
      }
      file(output, output.destination().isEmpty() ? "-" : output.destination());
      exporter(output.type(), output);
    }
  }

  private void load(OutputSpec output) throws IOException {
    DockerEngine target = engine.get();
    boolean lists = target.takesLists();
    if (!lists && platforms > 1) {
      throw new UsageException(
          "could not load images of "
              + platforms
              + " platforms at once: this Docker engine keeps one platform under a name; load one"
              + " with --platform, or write all with --output type=oci,dest=FILE or --push");
    }
    if (!lists && attests) {
      throw new UsageException(
          "docker exporter does not currently support exporting manifest lists; leave"
              + " attestations out with --load, or use --push");
    }
    EngineLoad load = new EngineLoad(target, progress);
    plan.targets.put(next(), (FileTarget) response -> load.open());
    plan.afterwards.add(response -> load.finish());
    plan.outputFailures.add(load::failure);
    plan.atEnd(load::abort);
    plan.preferImageDigest |= lists;
    exporter(
        lists ? "oci" : "docker",
        lists ? output.with(Map.of("prefer-image-digest", "true")) : output);
  }

  private void folder(OutputSpec output) throws IOException {
    Path folder = folderOf(output);
    boolean mirror = output.attributes().getOrDefault("mode", "").equals("delete");
    Owner owner = new Owner(OwnIds.user(), OwnIds.group());
    DirectoryTarget target =
        (multiPlatform, stream) -> {
          if (mirror && !multiPlatform) {
            throw new IOException(
                "local exporter mode=delete requires a BuildKit daemon with multi-platform local"
                    + " export support");
          }
          Files.createDirectories(folder);
          ReceiveOptions options =
              ReceiveOptions.CONTEXT
                  .withOwner(owner)
                  .withExisting(
                      mirror ? ReceiveOptions.Existing.REPLACED : ReceiveOptions.Existing.MERGED);
          TreeReceiver.receive(stream, folder, options);
        };
    plan.targets.put(next(), target);
  }

  private static Path folderOf(OutputSpec output) {
    if (output.destination().isEmpty()) {
      throw new UsageException(
          "dest is required for " + output.type() + " exporter; add dest=FOLDER");
    }
    if (output.destination().equals("-")) {
      throw new UsageException("dest cannot be stdout for " + output.type() + " exporter");
    }
    Path folder = Path.of(output.destination());
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UsageException("destination directory " + folder + " is a file");
    }
    return folder;
  }

  private void layout(OutputSpec output) {
    Path folder = folderOf(output);
    if (plan.stores.putIfAbsent("export", new BlobDirectory(folder)) != null) {
      throw new UsageException("only one output can be an OCI layout that is not a tar");
    }
    plan.afterwards.add(response -> index(folder, response));
  }

  private static void index(Path folder, Map<String, String> response) throws IOException {
    String encoded = response.get(DESCRIPTOR);
    if (encoded == null) {
      return;
    }
    String descriptor = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    LayoutIndex index = new LayoutIndex(folder);
    String names = response.getOrDefault("image.name", "");
    if (names.isEmpty()) {
      index.putTag(descriptor, "latest");
      return;
    }
    for (String name : names.split(",", -1)) {
      index.putName(descriptor, name);
    }
  }

  private void file(OutputSpec output, String destination) {
    if (!destination.equals("-")) {
      Path file = Path.of(destination);
      if (Files.isDirectory(file)) {
        throw new UsageException("destination file " + file + " is a directory");
      }
      plan.targets.put(next(), (FileTarget) response -> new LazyFile(file));
      return;
    }
    if (stdoutTaken) {
      throw new UsageException("multiple outputs configured to write to stdout");
    }
    if (Terminal.isTerminal(1)) {
      throw new UsageException(
          "dest file is required for "
              + output.type()
              + " exporter. refusing to write to console; add dest=FILE");
    }
    stdoutTaken = true;
    plan.targets.put(next(), (FileTarget) response -> new FileOutputStream(FileDescriptor.out));
  }
}
