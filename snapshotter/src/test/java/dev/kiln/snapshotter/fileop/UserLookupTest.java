package dev.kiln.snapshotter.fileop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserLookupTest {
  @TempDir Path root;

  @BeforeEach
  void files() throws IOException {
    Files.createDirectories(root.resolve("usr/etc"));
    Files.createSymbolicLink(root.resolve("etc"), Path.of("/usr/etc"));
    Files.writeString(
        root.resolve("usr/etc/passwd"),
        """
        root:x:0:0:root:/root:/bin/sh
          app:x:1000:1001:App:/home/app:/bin/sh

        odd:x:abc
        """);
    Files.writeString(
        root.resolve("usr/etc/group"),
        """
        root:x:0:
        app:x:1001:
        video:x:44:app,other
        disk:x:6:other,app
        """);
  }

  @Test
  void namesBringTheirGroups() throws IOException {
    assertThat(UserLookup.of(root).resolve("app"))
        .isEqualTo(new ExecUser(1000, 1001, List.of(44, 6), "/home/app"));
    assertThat(UserLookup.of(root).resolve("1000"))
        .isEqualTo(new ExecUser(1000, 1001, List.of(44, 6), "/home/app"));
  }

  @Test
  void groupsGivenByTheSpecStandAlone() throws IOException {
    UserLookup lookup = UserLookup.of(root);
    assertThat(lookup.resolve("app:video"))
        .isEqualTo(new ExecUser(1000, 44, List.of(), "/home/app"));
    assertThat(lookup.resolve("app:7")).isEqualTo(new ExecUser(1000, 7, List.of(), "/home/app"));
    assertThat(lookup.resolve("5:6")).isEqualTo(new ExecUser(5, 6, List.of(), ""));
    assertThat(lookup.resolve("root:root")).isEqualTo(new ExecUser(0, 0, List.of(), ""));
    assertThat(lookup.resolve("77")).isEqualTo(new ExecUser(77, 0, List.of(), ""));
    assertThat(lookup.resolve("")).isEqualTo(new ExecUser(0, 0, List.of(), "/root"));
  }

  @Test
  void unknownNamesAreErrorsInTheWordsThatClientsKnow() throws IOException {
    UserLookup lookup = UserLookup.of(root);
    assertThatThrownBy(() -> lookup.resolve("nobody"))
        .hasMessage("unable to find user nobody: no matching entries in passwd file");
    assertThatThrownBy(() -> lookup.resolve("app:none"))
        .hasMessage("unable to find group none: no matching entries in group file");
    assertThatThrownBy(() -> lookup.resolve("99999999999"))
        .hasMessage("uids and gids must be in range 0-2147483647");
  }

  @Test
  void ownersOfFileStepsFallBackToRoot() throws IOException {
    assertThat(Owner.of(new Principal.ByName("app"), root, null, null))
        .isEqualTo(new Owner(1000, 1001));
    assertThat(Owner.of(new Principal.ByName("nobody"), root, null, null)).isEqualTo(Owner.ROOT);
    assertThat(Owner.of(new Principal.ById(7), null, null, null)).isEqualTo(new Owner(7, 7));
    assertThat(Owner.of(new Principal.ById(7), null, new Principal.ByName("video"), root))
        .isEqualTo(new Owner(7, 44));
    assertThatThrownBy(() -> Owner.of(new Principal.ByName("app"), null, null, null))
        .hasMessage("invalid missing user mount");
  }

  @Test
  void missingFilesCountAsEmpty(@TempDir Path empty) throws IOException {
    assertThat(UserLookup.of(empty).resolve("")).isEqualTo(new ExecUser(0, 0, List.of(), ""));
    assertThat(UserLookup.of(empty).user("root")).isEmpty();
  }
}
