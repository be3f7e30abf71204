package dev.kiln.snapshotter.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.snapshotter.snapshot.RecordStore.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileRecordsTest extends RecordStoreContract {
  @Override
  RecordStore open() throws IOException {
    return FileRecords.open(dir.resolve("records"));
  }

  @Test
  void aTornBatchIsCutOff() throws IOException {
    Path file = dir.resolve("records");
    try (RecordStore store = open()) {
      store.apply(List.of(new Change(bytes("a"), bytes("1"))));
    }
    long good = Files.size(file);
    try (RecordStore store = open()) {
      store.apply(List.of(new Change(bytes("b"), bytes("2"))));
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length = (int) good; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      try (RecordStore store = open()) {
        assertThat(store.get(bytes("a"))).isEqualTo(bytes("1"));
        assertThat(store.get(bytes("b"))).isNull();
        store.apply(List.of(new Change(bytes("c"), bytes("3"))));
      }
      try (RecordStore store = open()) {
        assertThat(store.get(bytes("c"))).isEqualTo(bytes("3"));
      }
    }
    Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    try (RecordStore store = open()) {
      assertThat(store.get(bytes("a"))).isEqualTo(bytes("1"));
    }
  }
}
