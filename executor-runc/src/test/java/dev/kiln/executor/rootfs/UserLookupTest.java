package dev.kiln.executor.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserLookupTest {
  @TempDir Path root;

  @BeforeEach
  void files() throws IOException {
    Files.createDirectory(root.resolve("etc"));
    Files.writeString(
        root.resolve("etc/passwd"),
        """
        # comment
        root:x:0:0:root:/root:/bin/sh
        daemon:x:1:1::/:
        web:x:1000:1001:w:/:/bin/sh
        7:x:70:71::/:
        """);
    Files.writeString(
        root.resolve("etc/group"),
        """
        root:x:0:root
        wheel:x:10:root,web
        webs:x:1001:web
        staff:x:50:web,
        """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|0 0 [0, 10]",
        "root|0 0 [0, 10]",
        "web|1000 1001 [10, 1001, 50]",
        "1000|1000 1001 [10, 1001, 50]",
        "1000:1001|1000 1001 [1001]",
        "root:root|0 0 [0]",
        "web:staff|1000 50 [50]",
        "web:5|1000 5 [5]",
        "7|7 0 [0]",
        "4242|4242 0 [0]",
        "daemon|1 1 [1]",
        ":webs|0 1001 [1001]"
      })
  void idsAreFound(String user, String expected) throws IOException {
    UserLookup.Ids ids = UserLookup.find(root, user);
    assertThat(ids.uid() + " " + ids.gid() + " " + ids.groups()).isEqualTo(expected);
  }

  @Test
  void unknownNamesAndIdsOutOfRangeAreErrors() {
    assertThatThrownBy(() -> UserLookup.find(root, "bob"))
        .hasMessage("unable to find user bob: no matching entries in passwd file");
    assertThatThrownBy(() -> UserLookup.find(root, "web:bobs"))
        .hasMessage("unable to find group bobs: no matching entries in group file");
    assertThatThrownBy(() -> UserLookup.find(root, "4294967296"))
        .hasMessageContaining("must be in range");
  }

  @Test
  void filesOutsideTheRootAreNotRead() throws IOException {
    Path image = Files.createDirectories(root.resolve("image"));
    Files.createDirectory(image.resolve("etc"));
    Files.createSymbolicLink(image.resolve("etc/passwd"), Path.of("../../etc/passwd"));
    Files.createSymbolicLink(image.resolve("etc/group"), root.resolve("etc/group"));
    assertThatThrownBy(() -> UserLookup.find(image, "web")).hasMessageContaining("no matching");
    assertThatThrownBy(() -> UserLookup.find(image, "0:webs")).hasMessageContaining("no matching");
  }

  @Test
  void imageWithoutFilesKnowsNumbersOnly() throws IOException {
    Path empty = Files.createDirectory(root.resolve("empty"));
    assertThat(UserLookup.find(empty, "5:6").uid()).isEqualTo(5);
    assertThat(UserLookup.find(empty, "").gid()).isZero();
    assertThatThrownBy(() -> UserLookup.find(empty, "web")).isInstanceOf(IOException.class);
  }
}
