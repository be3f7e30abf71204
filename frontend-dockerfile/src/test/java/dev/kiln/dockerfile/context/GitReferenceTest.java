package dev.kiln.dockerfile.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "https://example.com/a.git, https://example.com/a.git, '', ''",
    "https://example.com/a.git#main:sub/dir, https://example.com/a.git, main, sub/dir",
    "https://u:p@example.com:8443/a.git#v1, https://u:p@example.com:8443/a.git, v1, ''",
    "https://example.com/a.git?tag=v1&subdir=x, https://example.com/a.git, refs/tags/v1, x",
    "https://example.com/a.git?branch=b, https://example.com/a.git, refs/heads/b, ''",
    "git@github.com:a/b.git#main:d, git@github.com:a/b.git, main, d",
    "ssh://git@host:22/a.git, ssh://git@host:22/a.git, '', ''",
    "git://host/path, git://host/path, '', ''",
    "github.com/a/b, github.com/a/b, '', ''"
  })
  void readsRepositories(String text, String remote, String ref, String subdirectory) {
    GitReference git = GitReference.parse(text).orElseThrow();
    assertThat(git.remote()).isEqualTo(remote);
    assertThat(git.ref()).isEqualTo(ref);
    assertThat(git.subdirectory()).isEqualTo(subdirectory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a/b", "./x.git", "../x.git", "https://example.com/a", "ftp://x/y.git"})
  void leavesTheRestAlone(String text) {
    assertThat(GitReference.parse(text)).isEmpty();
  }

  @Test
  void readsFlags() {
    GitReference git =
        GitReference.parse(
                "https://x/a.git?keep-git-dir&submodules=0&checksum=abc&mtime=commit"
                    + "&fetch-by-commit=true")
            .orElseThrow();
    assertThat(git.keepGitDir()).isTrue();
    assertThat(git.submodules()).isFalse();
    assertThat(git.checksum()).isEqualTo("abc");
    assertThat(git.modificationTimes()).isEqualTo("commit");
    assertThat(git.fetchByCommit()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "https://x/a.git?foo=1, unexpected query \"foo\"",
    "https://x/a.git?ref=, query \"ref\" has no value",
    "https://x/a.git?ref=a&ref=b, query \"ref\" has multiple values",
    "https://x/a.git?ref=a#b, ref conflicts: \"b\" vs \"a\"",
    "https://x/a.git?tag=a&branch=b, branch conflicts with tag",
    "https://x/a.git?submodules=maybe, invalid submodules value: \"maybe\""
  })
  void refusesMalformedQueries(String text, String message) {
    assertThatThrownBy(() -> GitReference.parse(text)).hasMessage(message);
  }
}
