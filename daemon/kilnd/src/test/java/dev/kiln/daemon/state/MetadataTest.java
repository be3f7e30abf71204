package dev.kiln.daemon.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.snapshotter.snapshot.RecordStore;
import dev.kiln.snapshotter.snapshot.RecordStore.Change;
import dev.kiln.solver.store.CacheStore;
import dev.kiln.solver.store.StoredResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataTest {
  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void recordsAndKeysSurviveARestart() throws IOException {
    StoredResult result = new StoredResult("r", Instant.ofEpochSecond(5));
    try (Metadata metadata = Metadata.open(folder, false)) {
      metadata
          .records()
          .apply(
              List.of(
                  new Change(bytes("b/2"), bytes("2")),
                  new Change(bytes("b/1"), bytes("1")),
                  new Change(bytes("a"), bytes("0")),
                  new Change(bytes("b/1"), null),
                  new Change(bytes("b/3"), bytes(""))));
      metadata.cache().apply(List.of(new CacheStore.Change.AddResult("k", result)));
    }
    try (Metadata metadata = Metadata.open(folder, false)) {
      RecordStore records = metadata.records();
      List<String> found = new ArrayList<>();
      records.scan(bytes("b/"), (k, v) -> found.add(new String(k, StandardCharsets.UTF_8)));
      assertThat(found).containsExactly("b/2", "b/3");
      assertThat(records.get(bytes("a"))).isEqualTo(bytes("0"));
      assertThat(records.get(bytes("b/1"))).isNull();
      assertThat(records.get(bytes("b/3"))).isEmpty();
      assertThat(metadata.cache().results("k")).containsExactly(result);
    }
  }

  @Test
  void aVisitorsFailureEndsTheScan() throws IOException {
    try (Metadata metadata = Metadata.open(folder, false)) {
      metadata
          .records()
          .apply(List.of(new Change(bytes("1"), bytes("")), new Change(bytes("2"), bytes(""))));
      assertThatThrownBy(
              () ->
                  metadata
                      .records()
                      .scan(
                          bytes(""),
                          (k, v) -> {
                            throw new IOException("at " + new String(k, StandardCharsets.UTF_8));
                          }))
          .isInstanceOf(IOException.class)
          .hasMessage("at 1");
    }
  }
}
