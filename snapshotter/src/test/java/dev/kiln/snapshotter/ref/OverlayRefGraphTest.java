package dev.kiln.snapshotter.ref;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlayRefGraphTest extends RefGraphContract {
  @Override
  String snapshotter() {
    return "overlayfs";
  }

  /** A folder that was removed and made again hides what is below, which is right in its place. */
  private ImmutableRef remade(ImmutableRef base) throws IOException {
    return build(
        base,
        root -> {
          Files.delete(root.resolve("dir/old"));
          Files.delete(root.resolve("dir"));
          Files.createDirectory(root.resolve("dir"));
        });
  }

  @Test
  void layersInTheirPlaceAreStackedAndNotCopied() throws IOException {
    try (ImmutableRef base = file(null, "dir/old", "o");
        ImmutableRef linked = file(null, "linked", "l");
        ImmutableRef both = store.merge(List.of(base, linked), RefOptions.NONE);
        ImmutableRef step = remade(both);
        ImmutableRef more = file(null, "more", "m");
        ImmutableRef merged = store.merge(List.of(step, more), RefOptions.NONE)) {
      assertThat(names(merged)).containsExactly("dir", "linked", "more");
      assertThat(merged.size()).isZero();
    }
  }

  @Test
  void foldersThatHideAreNotStackedOnOtherTrees() throws IOException {
    try (ImmutableRef base = file(null, "dir/old", "o");
        ImmutableRef step = remade(base);
        ImmutableRef diff = store.diff(base, step, RefOptions.NONE).orElseThrow();
        ImmutableRef other = file(null, "dir/kept", "k");
        ImmutableRef merged = store.merge(List.of(other, diff), RefOptions.NONE)) {
      assertThat(names(merged)).containsExactly("dir", "dir/kept");
    }
  }
}
