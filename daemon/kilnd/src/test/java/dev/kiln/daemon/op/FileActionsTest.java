package dev.kiln.daemon.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.daemon.source.TestingRefs;
import dev.kiln.solver.pb.FileAction;
import dev.kiln.solver.pb.FileActionCopy;
import dev.kiln.solver.pb.FileActionMkDir;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileActionsTest {
  @TempDir Path folder;

  private static FileAction copy(String from) {
    FileActionCopy copy =
        FileActionCopy.newBuilder()
            .setSrc(from)
            .setDest("/to/")
            .setMode(-1)
            .setTimestamp(-1)
            .setDirCopyContents(true)
            .setCreateDestPath(true)
            .build();
    return FileAction.newBuilder()
        .setInput(-1)
        .setSecondaryInput(-1)
        .setOutput(0)
        .setCopy(copy)
        .build();
  }

  /** Also where the tree that is written to began empty: it is not the one that is read. */
  @Test
  void scratchIsCopiedAsAnEmptyFolder() throws Exception {
    try (TestingRefs refs = new TestingRefs(folder);
        FileTrees trees = new FileTrees(services(refs), List.of(), "test")) {
      FileActionMkDir made = FileActionMkDir.newBuilder().setPath("/own").setMode(0755).build();
      FileActions.apply(
          FileAction.newBuilder().setInput(-1).setSecondaryInput(-1).setMkdir(made).build(), trees);
      FileActions.apply(copy("/"), trees);
      trees.done(-1, 0, true);
      assertThat(refs.list(trees.committed(0))).containsExactly("own", "to");
    }
  }

  @Test
  void nothingElseIsInScratch() throws Exception {
    try (TestingRefs refs = new TestingRefs(folder);
        FileTrees trees = new FileTrees(services(refs), List.of(), "test")) {
      assertThatThrownBy(() -> FileActions.apply(copy("/file"), trees))
          .hasMessageContaining("/file");
    }
  }

  @SuppressWarnings("NullAway") // File actions use the store and the folder of mounts only.
  private static OpServices services(TestingRefs refs) {
    return new OpServices(
        refs.store(), null, null, null, refs.mounts(), null, null, null, null, null);
  }
}
