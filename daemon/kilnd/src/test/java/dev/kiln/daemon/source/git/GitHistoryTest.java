package dev.kiln.daemon.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.daemon.source.TestingRefs;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Repositories that change between builds and under a build, by both ways of naming objects, with
 * and without the repository in the result.
 */
@ParameterizedClass
@CsvSource({"sha1,false", "sha256,true"})
final class GitHistoryTest {
  private static final String MAIN = "main";

  @Parameter(0)
  String format = "";

  @Parameter(1)
  boolean keep;

  @TempDir Path dir;
  private TestingRefs refs;
  private TestingOrigin origin;
  private GitRepository repository;
  private final GitAsker asker = new GitAsker(List.of(), List::of, new SilentProgress());

  @BeforeEach
  void open() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "git is not installed");
    refs = new TestingRefs(dir);
    repository = TestingRepository.over(refs);
    origin = TestingOrigin.open(dir.resolve("served"));
    origin.create(MAIN, format);
    origin.commit(MAIN, "sub/inner.txt", "one");
    origin.git(MAIN, "tag", "light");
    origin.git(MAIN, "tag", "-a", "v1", "-m", "first");
  }

  @AfterEach
  void close() throws IOException {
    if (origin != null) {
      origin.close();
    }
    if (refs != null) {
      refs.close();
    }
  }

  private GitOptions options(String fragment, String... attributes) throws IOException {
    SourceOp.Builder source =
        SourceOp.newBuilder()
            .putAttrs("git.fullurl", origin.url(MAIN))
            .putAttrs("git.keepgitdir", Boolean.toString(keep));
    for (int i = 0; i < attributes.length; i += 2) {
      source.putAttrs(attributes[i], attributes[i + 1]);
    }
    return GitOptions.read("localhost/main#" + fragment, source.build());
  }

  /** What stands in the only file of the tree. */
  private String content(GitOptions options) throws Exception {
    return content(options, repository.resolve(options, asker));
  }

  private String content(GitOptions options, GitCommit commit) throws Exception {
    try (ImmutableRef tree = repository.tree(options, commit, asker)) {
      return refs.read(tree, "sub/inner.txt");
    }
  }

  @Test
  void everyWayToNameACommitLeadsToIt() throws Exception {
    String one = origin.hash(MAIN, "HEAD");
    origin.git(MAIN, "update-ref", "refs/special/one", one);
    origin.commit(MAIN, "sub/inner.txt", "two");
    for (String ref :
        List.of("v1", "refs/tags/v1", "light", "refs/tags/light", "refs/special/one", one)) {
      assertThat(content(options(ref))).as(ref).isEqualTo("one");
    }
    for (String ref : List.of("", "main", "refs/heads/main")) {
      assertThat(content(options(ref))).as(ref).isEqualTo("two");
    }
  }

  @Test
  void commitThatOnlyASpecialRefLeadsToIsFoundByItsHash() throws Exception {
    origin.git(MAIN, "checkout", "-q", "--detach");
    String aside = origin.commit(MAIN, "sub/inner.txt", "aside");
    origin.git(MAIN, "update-ref", "refs/special/aside", aside);
    origin.git(MAIN, "checkout", "-q", "main");
    assertThat(content(options(aside))).isEqualTo("aside");
  }

  @Test
  void annotatedTagIsPinnedByItselfOrItsCommit() throws Exception {
    String tag = origin.hash(MAIN, "v1");
    String commit = origin.hash(MAIN, "v1^{commit}");
    for (String pin : List.of(tag, commit.substring(0, 9))) {
      for (String ref : List.of("v1", "refs/tags/v1")) {
        GitOptions options = options(ref, "git.checksum", pin);
        GitCommit resolved = repository.resolve(options, asker);
        assertThat(resolved.checksum()).isEqualTo(tag);
        assertThat(options.cacheKey(resolved)).isEqualTo(keep ? tag + ".git#refs/tags/v1" : commit);
        assertThat(content(options, resolved)).isEqualTo("one");
      }
    }
  }

  @Test
  void tagsOfOneCommitAreKeptApart() throws Exception {
    origin.git(MAIN, "tag", "same");
    for (String tag : List.of("light", "same")) {
      GitOptions options = options(tag);
      try (ImmutableRef tree =
          repository.tree(options, repository.resolve(options, asker), asker)) {
        if (keep) {
          assertThat(refs.read(tree, ".git/refs/tags/" + tag).strip())
              .isEqualTo(origin.hash(MAIN, "HEAD"));
        }
        assertThat(refs.read(tree, "sub/inner.txt")).isEqualTo("one");
      }
    }
  }

  @Test
  void movedTagIsSeenByTheNextBuild() throws Exception {
    assertThat(content(options("v1"))).isEqualTo("one");
    origin.commit(MAIN, "sub/inner.txt", "two");
    origin.git(MAIN, "tag", "-f", "-a", "v1", "-m", "moved");
    assertThat(content(options("v1"))).isEqualTo("two");
    assertThat(content(options(origin.hash(MAIN, "v1^{commit}")))).isEqualTo("two");
  }

  @Test
  void branchThatMakesRoomForAFolderOfBranchesIsSeen() throws Exception {
    origin.git(MAIN, "branch", "topic");
    assertThat(content(options("topic"))).isEqualTo("one");
    origin.git(MAIN, "branch", "-D", "topic");
    origin.commit(MAIN, "sub/inner.txt", "two");
    origin.git(MAIN, "branch", "topic/part");
    assertThat(content(options("topic/part"))).isEqualTo("two");
  }

  @Test
  void rewrittenBranchIsSeenByTheNextBuild() throws Exception {
    assertThat(content(options("main"))).isEqualTo("one");
    Files.writeString(origin.path(MAIN).resolve("sub/inner.txt"), "other");
    origin.git(MAIN, "commit", "-q", "-a", "--amend", "-m", "other");
    origin.forgetUnreachable(MAIN);
    assertThat(content(options("main"))).isEqualTo("other");
  }

  @Test
  void tagThatMovesUnderABuildStaysWhereItWasResolved() throws Exception {
    GitOptions options = options("v1");
    GitCommit before = repository.resolve(options, asker);
    origin.commit(MAIN, "sub/inner.txt", "two");
    origin.git(MAIN, "tag", "-f", "-a", "v1", "-m", "moved");
    origin.git(MAIN, "tag", "-a", "former", "-m", "kept", "HEAD~1");
    origin.git(MAIN, "update-ref", "refs/tags/tag-itself", before.checksum());
    assertThat(content(options, before)).isEqualTo("one");
  }

  @Test
  void commitThatIsGoneIsNamed() throws Exception {
    GitOptions options = options("main");
    GitCommit before = repository.resolve(options, asker);
    origin.git(MAIN, "tag", "-d", "v1", "light");
    Files.writeString(origin.path(MAIN).resolve("sub/inner.txt"), "other");
    origin.git(MAIN, "commit", "-q", "-a", "--amend", "-m", "other");
    origin.forgetUnreachable(MAIN);
    assertThatThrownBy(() -> content(options, before))
        .hasMessageContaining(
            "fetched ref main does not match expected commit " + before.checksum());
  }

  @Test
  void submodulesComeAndGo() throws Exception {
    origin.create("library", format);
    origin.commit("library", "lib.txt", "library");
    origin.git(MAIN, "submodule", "--quiet", "add", origin.url("library"), "third");
    origin.git(MAIN, "commit", "-q", "-m", "add it");
    GitOptions options = options("main");
    try (ImmutableRef tree = repository.tree(options, repository.resolve(options, asker), asker)) {
      assertThat(refs.read(tree, "third/lib.txt")).isEqualTo("library");
    }
    GitOptions below = options("main:third");
    try (ImmutableRef tree = repository.tree(below, repository.resolve(below, asker), asker)) {
      assertThat(refs.read(tree, "lib.txt")).isEqualTo("library");
    }
    origin.git(MAIN, "rm", "-q", "third");
    origin.git(MAIN, "commit", "-q", "-m", "remove it");
    try (ImmutableRef tree = repository.tree(options, repository.resolve(options, asker), asker)) {
      assertThat(refs.list(tree)).doesNotContain("third");
    }
  }

  @Test
  void submoduleMustNotBeAFolderOfThisMachine() throws Exception {
    origin.create("secret", format);
    origin.commit("secret", "key.txt", "secret");
    origin.git(
        MAIN,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        "file://" + origin.path("secret"),
        "third");
    origin.git(MAIN, "commit", "-q", "-m", "add it");
    GitOptions options = options("main");
    GitCommit commit = repository.resolve(options, asker);
    assertThatThrownBy(() -> repository.tree(options, commit, asker))
        .hasMessageContaining("failed to update submodules for " + origin.url(MAIN))
        .hasMessageContaining("transport 'file' not allowed");
  }
}
