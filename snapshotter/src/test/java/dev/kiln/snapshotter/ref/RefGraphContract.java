package dev.kiln.snapshotter.ref;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What merges and differences of trees come to, whatever the snapshotter. */
abstract class RefGraphContract extends RefStoreFixture {
  @Test
  void mergeStacksWholeLayers() throws IOException {
    try (ImmutableRef base = file(null, "base", "b");
        ImmutableRef a = file(base, "dir/a", "a");
        ImmutableRef b =
            build(
                base,
                root -> {
                  Files.delete(root.resolve("base"));
                  Files.createDirectories(root.resolve("dir"));
                  Files.writeString(root.resolve("dir/b"), "b");
                });
        ImmutableRef merged = store.merge(List.of(a, b), RefOptions.described("merge"))) {
      assertThat(names(merged)).containsExactly("dir", "dir/a", "dir/b");
      assertThat(merged.layerChain()).hasSize(4);
      assertThat(merged.remote(GZIP)).hasSize(4);
      try (ImmutableRef top = file(merged, "top", "t")) {
        assertThat(names(top)).containsExactly("dir", "dir/a", "dir/b", "top");
        assertThat(top.remote(GZIP)).hasSize(5);
      }
    }
  }

  @Test
  void diffOfDescendantIsItsLayers() throws IOException {
    try (ImmutableRef base = file(null, "base", "b");
        ImmutableRef one = file(base, "one", "1");
        ImmutableRef two = file(one, "two", "2");
        ImmutableRef diff = store.diff(base, two, RefOptions.NONE).orElseThrow()) {
      assertThat(names(diff)).containsExactly("one", "two");
      assertThat(diff.layerChain()).hasSize(2);
      assertThat(store.diff(two, two, RefOptions.NONE)).isEmpty();
      assertThat(store.diff(null, null, RefOptions.NONE)).isEmpty();
      try (ImmutableRef other = file(null, "other", "o");
          ImmutableRef merged = store.merge(List.of(other, diff), RefOptions.NONE)) {
        assertThat(names(merged)).containsExactly("one", "other", "two");
      }
    }
  }

  @Test
  void diffOfStrangersIsWalked() throws IOException {
    try (ImmutableRef common = file(null, "same", "s");
        ImmutableRef left = file(common, "left", "l");
        ImmutableRef right = file(common, "right", "r");
        ImmutableRef diff = store.diff(left, right, RefOptions.NONE).orElseThrow()) {
      assertThat(diff.layerChain()).hasSize(1);
      assertThat(diff.remote(GZIP)).hasSize(1);
      try (ImmutableRef merged = store.merge(List.of(left, diff), RefOptions.NONE)) {
        assertThat(names(merged)).containsExactly("right", "same");
      }
    }
  }

  @Test
  void diffAloneShowsNoTraceOfWhatWasDeleted() throws IOException {
    try (ImmutableRef base = file(file(null, "dir/gone", "g"), "dir/stays", "s");
        ImmutableRef changed =
            build(
                base,
                root -> {
                  Files.delete(root.resolve("dir/gone"));
                  Files.writeString(root.resolve("dir/new"), "n");
                });
        ImmutableRef diff = store.diff(base, changed, RefOptions.NONE).orElseThrow();
        ImmutableRef other = file(null, "other", "o");
        ImmutableRef merged = store.merge(List.of(other, diff), RefOptions.NONE)) {
      assertThat(names(diff)).containsExactly("dir", "dir/new");
      assertThat(names(merged)).containsExactly("dir", "dir/new", "other");
    }
  }

  @Test
  void folderOfAMountPointThatIsGoneAgainIsNoChange() throws IOException {
    try (ImmutableRef base = file(null, "etc/passwd", "p");
        MutableRef ref = store.newMutable(base, RefOptions.NONE)) {
      write(
          ref,
          root -> {
            Files.writeString(root.resolve("etc/hosts"), "");
            Files.delete(root.resolve("etc/hosts"));
            Files.writeString(root.resolve("made"), "m");
          });
      ref.forgetUntouched(List.of("/etc", "/no/such"));
      try (ImmutableRef changed = ref.commit();
          ImmutableRef diff = store.diff(base, changed, RefOptions.NONE).orElseThrow()) {
        assertThat(names(diff)).containsExactly("made");
        assertThat(names(changed)).containsExactly("etc", "etc/passwd", "made");
      }
    }
  }
}
