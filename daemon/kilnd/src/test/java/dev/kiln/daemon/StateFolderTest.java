package dev.kiln.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
  @TempDir Path folder;

  private boolean opensInOrder(boolean closeInOrder) throws IOException {
    try (StateFolder state = StateFolder.open(folder)) {
      if (closeInOrder) {
        state.setInOrder();
      }
      return state.isInOrder();
    }
  }

  @Test
  void orderIsBelievedOnceOnly() throws IOException {
    Files.createFile(folder.resolve("workerid"));
    assertThat(opensInOrder(true)).isFalse();
    assertThat(opensInOrder(false)).isTrue();
    assertThat(opensInOrder(true)).isFalse();
    assertThat(opensInOrder(true)).isTrue();
  }

  @Test
  void newFolderIsInOrder() throws IOException {
    assertThat(opensInOrder(false)).isTrue();
  }

  @Test
  void folderHasOneUser() throws IOException {
    try (StateFolder state = StateFolder.open(folder)) {
      assertThat(state.workerId()).isEqualTo(state.workerId()).isNotEmpty();
      assertThatThrownBy(() -> StateFolder.open(folder))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another daemon");
    }
  }

  @Test
  void secondUserLeavesTheMarkOfOrderAlone() throws IOException {
    try (StateFolder state = StateFolder.open(folder)) {
      state.setInOrder();
      assertThatThrownBy(() -> StateFolder.open(folder)).isInstanceOf(IOException.class);
      assertThat(folder.resolve("closed-in-order")).exists();
    }
  }
}
