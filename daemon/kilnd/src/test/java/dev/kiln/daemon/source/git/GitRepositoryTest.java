package dev.kiln.daemon.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.daemon.source.TestingRefs;
import dev.kiln.snapshotter.ref.ImmutableRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the real git program and a repository in a folder. */
final class GitRepositoryTest {
  @TempDir Path dir;
  private TestingRefs refs;
  private GitRepository repository;
  private Path origin;
  private final GitAsker asker = new GitAsker(List.of(), List::of, new SilentProgress());

  @BeforeEach
  void open() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "git is not installed");
    refs = new TestingRefs(dir);
    repository = TestingRepository.over(refs);
    origin = Files.createDirectory(dir.resolve("origin"));
    git("init", "-q", "-b", "main");
    commit("sub/inner.txt", "one");
    git("tag", "-a", "v1", "-m", "first");
  }

  @AfterEach
  void close() throws IOException {
    if (refs != null) {
      refs.close();
    }
  }

  private String git(String... command) throws Exception {
    List<String> line =
        new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@localhost"));
    line.addAll(List.of(command));
    Process process =
        new ProcessBuilder(line).directory(origin.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.strip();
  }

  private String commit(String path, String text) throws Exception {
    Path file = origin.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    git("add", ".");
    git("commit", "-q", "-m", text);
    return git("rev-parse", "HEAD");
  }

  private GitOptions options(String ref, String subdir, boolean keep, String checksum) {
    return new GitOptions(
        "file://" + origin,
        ref,
        subdir,
        keep,
        checksum,
        "",
        "",
        "",
        "",
        false,
        "",
        false,
        "",
        "",
        "",
        false,
        null);
  }

  @Test
  void defaultBranchIsCheckedOut() throws Exception {
    GitOptions options = options("", "", false, "");
    GitCommit commit = repository.resolve(options, asker);
    assertThat(commit.ref()).isEqualTo("refs/heads/main");
    try (ImmutableRef tree = repository.tree(options, commit, asker)) {
      assertThat(refs.list(tree)).containsExactly("sub", "sub/inner.txt");
    }
  }

  @Test
  void annotatedTagIsKeyedByItsCommitUnlessItsRepositoryIsKept() throws Exception {
    String head = git("rev-parse", "HEAD");
    String tag = git("rev-parse", "v1");
    GitOptions plain = options("v1", "", false, "");
    assertThat(plain.cacheKey(repository.resolve(plain, asker))).isEqualTo(head);
    GitOptions kept = options("v1", "", true, "");
    assertThat(kept.cacheKey(repository.resolve(kept, asker))).isEqualTo(tag + ".git#refs/tags/v1");
  }

  @Test
  void keptRepositoryWorksAndNamesItsOrigin() throws Exception {
    GitOptions options = options("main", "", true, "");
    try (ImmutableRef tree = repository.tree(options, repository.resolve(options, asker), asker)) {
      assertThat(refs.list(tree)).containsExactly(".git", "sub", "sub/inner.txt");
      assertThat(refs.read(tree, ".git/config")).contains("file://" + origin);
    }
  }

  @Test
  void subdirBecomesTheRoot() throws Exception {
    GitOptions options = options("main", "sub", false, "");
    try (ImmutableRef tree = repository.tree(options, repository.resolve(options, asker), asker)) {
      assertThat(refs.list(tree)).containsExactly("inner.txt");
    }
  }

  @Test
  void branchThatMovesIsSeenByTheNextBuild() throws Exception {
    GitOptions options = options("main", "", false, "");
    repository.tree(options, repository.resolve(options, asker), asker).close();
    commit("sub/inner.txt", "two");
    try (ImmutableRef tree = repository.tree(options, repository.resolve(options, asker), asker)) {
      assertThat(refs.read(tree, "sub/inner.txt")).isEqualTo("two");
    }
  }

  @Test
  void branchThatMovesWhileBuildingStaysWhereItWasResolved() throws Exception {
    GitOptions options = options("main", "", false, "");
    GitCommit before = repository.resolve(options, asker);
    commit("sub/inner.txt", "two");
    try (ImmutableRef tree = repository.tree(options, before, asker)) {
      assertThat(refs.read(tree, "sub/inner.txt")).isEqualTo("one");
    }
  }

  @Test
  void otherCommitThanWantedIsRefused() {
    GitOptions options = options("main", "", false, "0123456789");
    assertThatThrownBy(() -> repository.resolve(options, asker))
        .hasMessageContaining("expected checksum to match 0123456789, got ");
  }

  @Test
  void objectsOfATagAreGiven() throws Exception {
    GitOptions options = options("v1", "", false, "");
    GitObjects objects = repository.objects(options, repository.resolve(options, asker), asker);
    assertThat(new String(objects.tag(), StandardCharsets.UTF_8)).contains("tag v1");
    assertThat(new String(objects.commit(), StandardCharsets.UTF_8))
        .contains("author t <t@localhost>");
  }
}
