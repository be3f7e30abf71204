package dev.kiln.snapshotter.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.snapshotter.snapshot.RecordStore.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of records promises. */
abstract class RecordStoreContract {
  @TempDir Path dir;

  abstract RecordStore open() throws IOException;

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> scan(RecordStore store, String prefix) throws IOException {
    List<String> found = new ArrayList<>();
    store.scan(
        bytes(prefix),
        (k, v) ->
            found.add(
                new String(k, StandardCharsets.UTF_8)
                    + "="
                    + new String(v, StandardCharsets.UTF_8)));
    return found;
  }

  @Test
  void batchesApplyInOrderAndScansAreSorted() throws IOException {
    try (RecordStore store = open()) {
      store.apply(
          List.of(
              new Change(bytes("b/é"), bytes("3")),
              new Change(bytes("b/1"), bytes("1")),
              new Change(bytes("a"), bytes("0")),
              new Change(bytes("b/1"), null),
              new Change(bytes("b/2"), bytes("2")),
              new Change(bytes("c"), bytes(""))));
      assertThat(scan(store, "b/")).containsExactly("b/2=2", "b/é=3");
      assertThat(scan(store, "")).hasSize(4);
      assertThat(store.get(bytes("b/1"))).isNull();
      assertThat(store.get(bytes("c"))).isEmpty();
    }
  }
}
