package dev.kiln.cli.build;

import dev.kiln.cli.flag.UsageException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The main context and the Dockerfile, wherever they come from. */
final class ContextInput {
  private static final int MAX_DOCKERFILE_BYTES = 2 << 20;

  private final SolvePlan plan;
  private final String context;
  private final String file;
  private final InputStream stdin;

  ContextInput(SolvePlan plan, String context, String file, InputStream stdin) {
    this.plan = plan;
    this.context = context;
    this.file = file;
    this.stdin = stdin;
  }

  /**
   * Says in the plan what the context and the Dockerfile are.
   *
   * @throws UsageException if they do not exist or contradict each other
   */
  void load() throws IOException {
    plan.dockerfileName = shownName();
    if (context.equals("-")) {
      fromStdin();
    } else if (Files.isDirectory(Path.of(context))) {
      fromFolder(Path.of(context));
    } else if (RemoteUrl.matches(context)) {
      fromUrl();
    } else {
      throw new UsageException(
          "unable to prepare context: path \"" + context + "\" not found; name a folder or URL");
    }
    plan.attributes.putIfAbsent(
        "filename", file.isEmpty() || file.equals("-") ? "Dockerfile" : file);
  }

  private String shownName() {
    if (file.equals("-")) {
      return "stdin";
    }
    return file.isEmpty() ? Path.of(context).resolve("Dockerfile").normalize().toString() : file;
  }

  private void fromStdin() throws IOException {
    if (file.equals("-")) {
      throw new UsageException(
          "invalid argument: can't use stdin for both build context and dockerfile");
    }
    BufferedInputStream in = new BufferedInputStream(stdin, ArchiveHeader.BYTES);
    in.mark(ArchiveHeader.BYTES);
    byte[] head = in.readNBytes(ArchiveHeader.BYTES);
    in.reset();
    if (ArchiveHeader.matches(head)) {
      plan.attributes.put("context", plan.uploads.add(in));
      return;
    }
    if (!file.isEmpty()) {
      throw new UsageException(
          "ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles");
    }
    plan.dockerfileName = "stdin";
    plan.directories.put("context", TemporaryFolder.create(plan, "empty"));
    dockerfile(in.readAllBytes());
  }

  private void fromFolder(Path folder) throws IOException {
    plan.directories.put("context", folder);
    plan.sharedKey = SharedKeys.of(folder);
    if (file.equals("-")) {
      dockerfile(stdin.readAllBytes());
    } else if (RemoteUrl.isHttp(file)) {
      dockerfile(download());
    } else if (file.isEmpty()) {
      dockerfileIn(folder, "Dockerfile");
    } else {
      Path path = Path.of(file);
      Path parent = path.getParent();
      dockerfileIn(parent == null ? Path.of("") : parent, String.valueOf(path.getFileName()));
    }
  }

  private void fromUrl() throws IOException {
    plan.attributes.put("context", context);
    if (RemoteUrl.isGitWithQuery(context)) {
      plan.attributes.merge("frontend.caps", "moby.buildkit.frontend.gitquerystring", CAPS);
    }
    if (file.equals("-")) {
      dockerfile(stdin.readAllBytes());
    } else if (RemoteUrl.isHttp(file)) {
      dockerfile(download());
    } else if (file.startsWith("/")) {
      Path path = Path.of(file);
      dockerfileIn(path.resolveSibling(""), String.valueOf(path.getFileName()));
      plan.attributes.put("dockerfilekey", "dockerfile");
    }
  }

  /** Joins names of capabilities. */
  static final java.util.function.BinaryOperator<String> CAPS = (a, b) -> a + "," + b;

  private void dockerfileIn(Path folder, String name) throws IOException {
    Path real = folder.toString().isEmpty() ? Path.of(".") : folder;
    if (!Files.isDirectory(real)) {
      throw new UsageException(
          "failed to read dockerfile: the folder " + folder + " of " + file + " does not exist");
    }
    plan.directories.put("dockerfile", real);
    plan.attributes.put("filename", nameIn(real, name));
  }

  /** A folder with only a lower case name counts too. */
  private static String nameIn(Path folder, String name) throws IOException {
    if (!name.equals("Dockerfile")) {
      return name;
    }
    List<String> names;
    try (var entries = Files.list(folder)) {
      names = entries.map(path -> String.valueOf(path.getFileName())).toList();
    }
    return !names.contains(name) && names.contains("dockerfile") ? "dockerfile" : name;
  }

  private void dockerfile(byte[] text) throws IOException {
    Path folder = TemporaryFolder.create(plan, "dockerfile");
    Files.write(folder.resolve("Dockerfile"), text);
    plan.directories.put("dockerfile", folder);
    plan.attributes.put("filename", "Dockerfile");
    plan.attributes.put("dockerfilekey", "dockerfile");
  }

  private byte[] download() throws IOException {
    try (HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
        InputStream body = body(http)) {
      byte[] text = body.readNBytes(MAX_DOCKERFILE_BYTES + 1);
      if (text.length > MAX_DOCKERFILE_BYTES) {
        throw new IOException("Dockerfile " + file + " bigger than allowed max size (2MB)");
      }
      return text;
    }
  }

  private InputStream body(HttpClient http) throws IOException {
    try {
      HttpResponse<InputStream> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(file)).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() / 100 != 2) {
        answer.body().close();
        throw new IOException(
            "could not load " + file + ": the server answered " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("could not load " + file + ": interrupted", e);
    }
  }
}
