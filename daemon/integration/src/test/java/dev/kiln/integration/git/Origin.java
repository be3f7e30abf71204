package dev.kiln.integration.git;

import dev.kiln.integration.Run;
import dev.kiln.integration.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A bare repository in a folder, and the work tree from which it is filled. */
public final class Origin {
  private final Path bare;
  private final Path tree;

  private Origin(Path bare, Path tree) {
    this.bare = bare;
    this.tree = tree;
  }

  /** Makes an empty repository {@code name.git} below a folder. */
  public static Origin create(Path folder, String name) throws IOException, InterruptedException {
    Origin origin =
        new Origin(
            folder.resolve(name + ".git"), Files.createDirectories(folder.resolve(name + "-tree")));
    Tools.require("git");
    Run.of("git", "init", "-q", "--bare", "--initial-branch=main", origin.bare.toString()).ok();
    origin.git("init", "-q", "--initial-branch=main");
    origin.git("remote", "add", "origin", origin.bare.toString());
    return origin;
  }

  /** The folder that servers serve. */
  public Path bare() {
    return bare;
  }

  /** Runs git in the work tree; gives what it prints. */
  public String git(String... command) throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                "git",
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@localhost",
                "-c",
                "protocol.file.allow=always"));
    line.addAll(List.of(command));
    Map<String, String> environment =
        Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1");
    return Run.of(environment, tree, line).ok().output().strip();
  }

  /** Commits a file with a text; gives the commit. */
  public String commit(String path, String text) throws IOException, InterruptedException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    git("add", ".");
    git("commit", "-q", "-m", "write " + path);
    return git("rev-parse", "HEAD");
  }

  /** Commits another repository as a submodule, under the URL by which builds find it. */
  public void submodule(Origin other, String path, String url)
      throws IOException, InterruptedException {
    git("submodule", "--quiet", "add", other.bare.toString(), path);
    git("config", "--file", ".gitmodules", "submodule." + path + ".url", url);
    git("add", ".gitmodules");
    git("commit", "-q", "-m", "add " + path);
  }

  /** Brings branch and tags to the bare repository. */
  public void push() throws IOException, InterruptedException {
    git("push", "-q", "--force", "origin", "main", "--tags");
  }
}
