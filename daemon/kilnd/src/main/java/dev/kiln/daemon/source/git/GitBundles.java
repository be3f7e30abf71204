package dev.kiln.daemon.source.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Bundles: repositories, or parts of them, in one file. Stateless. */
final class GitBundles {
  private static final String FILE = "bundle";
  private static final String DEFAULT_REF = "refs/heads/main";

  private GitBundles() {}

  /**
   * Writes a bundle with the wanted commit into a folder.
   *
   * @param git with the repository
   * @param scratch where folders may be made
   */
  static void write(
      Git git, Path repository, GitOptions options, boolean sha256, Path folder, Path scratch)
      throws IOException, InterruptedException {
    String commit = options.checksum().isEmpty() ? options.ref() : options.checksum();
    String ref = refInside(options.ref());
    Path aside = Files.createTempDirectory(scratch, "git-bundle");
    try {
      Path copy = Files.createDirectory(aside.resolve("repo.git"));
      Git there = git.in(copy);
      GitRepositories.initialize(there, sha256);
      there.run("fetch", "file://" + repository, "--", commit);
      there.run("update-ref", ref, GitOptions.isHash(commit) ? commit : "FETCH_HEAD");
      Path made = aside.resolve(FILE);
      there.run("bundle", "create", made.toString(), ref);
      Files.copy(made, folder.resolve(FILE));
    } finally {
      GitTrees.removeTree(aside);
    }
  }

  private static String refInside(String ref) {
    if (ref.isEmpty() || GitOptions.isHash(ref)) {
      return DEFAULT_REF;
    }
    if (ref.startsWith("refs/tags/")) {
      return ref;
    }
    String name = ref.startsWith("refs/") ? ref.substring("refs/".length()) : ref;
    return "refs/heads/" + (name.startsWith("heads/") ? name.substring("heads/".length()) : name);
  }

  /**
   * A repository made of a bundle; its folder is removed when it is closed.
   *
   * @param url to fetch from
   */
  record Staged(Path folder, String url, boolean sha256) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      GitTrees.removeTree(folder);
    }
  }

  /**
   * Unpacks a bundle.
   *
   * @param content the bundle, not closed
   * @param scratch where a folder may be made
   * @throws IOException when it is none, or the wanted commit is not in it
   */
  static Staged stage(Git git, GitOptions options, InputStream content, Path scratch)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(scratch, "git-bundle");
    try {
      Path file = folder.resolve("bundle.pack");
      Files.copy(content, file);
      boolean sha256 = isSha256(git, file);
      Path repository = Files.createDirectory(folder.resolve("repo.git"));
      Git there = git.in(repository);
      GitRepositories.initialize(there, sha256);
      there.run("fetch", file.toString(), "+refs/*:refs/*");
      try {
        there.run("cat-file", "-e", options.checksum() + "^{commit}");
      } catch (GitException e) {
        throw new IOException(
            "commit " + options.checksum() + " not found in bundle " + options.bundle(), e);
      }
      return new Staged(folder, "file://" + repository, sha256);
    } catch (IOException | InterruptedException e) {
      GitTrees.removeTree(folder);
      throw e;
    }
  }

  private static boolean isSha256(Git git, Path bundle) throws IOException, InterruptedException {
    List<String> lines = git.text("ls-remote", "--", bundle.toString()).lines().toList();
    String first = lines.isEmpty() ? "" : lines.getFirst();
    String hash = first.substring(0, Math.max(0, first.indexOf('\t')));
    if (!GitOptions.isHash(hash)) {
      throw new IOException("failed to inspect git bundle " + bundle + ": no refs found");
    }
    return hash.length() == 64;
  }
}
