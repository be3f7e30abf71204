package dev.kiln.daemon.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Repositories in folders, served as plain files over HTTP, which git understands as well. */
final class TestingOrigin implements AutoCloseable {
  private static final Set<String> CHANGE_REFS =
      Set.of("branch", "commit", "gc", "tag", "update-ref");

  private final Path folder;
  private final HttpServer server;

  private TestingOrigin(Path folder, HttpServer server) {
    this.folder = folder;
    this.server = server;
  }

  /** Serves the repositories that will be made below a folder. */
  static TestingOrigin open(Path folder) throws IOException {
    Files.createDirectories(folder);
    HttpServer server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            folder,
            SimpleFileServer.OutputLevel.NONE);
    server.start();
    return new TestingOrigin(folder, server);
  }

  /** Makes a repository with the branch main. */
  void create(String name, String format) throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve(name));
    // The server does not give out what is hidden, as a folder .git would be.
    String apart = "--separate-git-dir=" + folder.resolve(name + ".git");
    git(name, "init", "-q", "-b", "main", "--object-format=" + format, apart);
  }

  /** Runs git in a repository, and makes what it did visible over HTTP; gives what it prints. */
  String git(String name, String... command) throws IOException, InterruptedException {
    String output = run(name, List.of(command));
    if (CHANGE_REFS.contains(command[0])) {
      run(name, List.of("update-server-info"));
    }
    return output;
  }

  private String run(String name, List<String> command) throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@localhost"));
    line.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(folder.resolve(name).toFile()).redirectErrorStream(true);
    builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", line, output).isZero();
    return output.strip();
  }

  /** Commits a file; gives the commit. */
  String commit(String name, String path, String text) throws IOException, InterruptedException {
    Path file = folder.resolve(name).resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    git(name, "add", ".");
    git(name, "commit", "-q", "-m", text);
    return hash(name, "HEAD");
  }

  String hash(String name, String ref) throws IOException, InterruptedException {
    return git(name, "rev-parse", ref);
  }

  /** Forgets all that no ref leads to. */
  void forgetUnreachable(String name) throws IOException, InterruptedException {
    git(name, "reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all");
    git(name, "gc", "-q", "--prune=now");
  }

  /** The folder of a repository. */
  Path path(String name) {
    return folder.resolve(name);
  }

  /** Where git finds a repository. */
  String url(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name + ".git";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
