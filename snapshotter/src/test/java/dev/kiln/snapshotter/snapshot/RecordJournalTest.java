package dev.kiln.snapshotter.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RecordJournalTest {
  private final MemoryRecords records = new MemoryRecords();

  private byte[] get(String key) {
    return records.get(key.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void dataIsSyncedBeforeItsRecord() throws IOException {
    List<byte[]> seen = new ArrayList<>();
    try (RecordJournal journal = new RecordJournal(records, () -> seen.add(get("a")))) {
      journal.put("a", new byte[] {1}, true);
      journal.flush();
      assertThat(seen).hasSize(1);
      assertThat(seen.getFirst()).isNull();
      assertThat(get("a")).containsExactly(1);
      journal.put("b", new byte[] {2}, false);
      journal.delete("a");
      journal.flush();
      assertThat(seen).hasSize(1);
      assertThat(get("a")).isNull();
    }
  }

  @Test
  void aFailedSyncKeepsTheChanges() throws IOException {
    AtomicBoolean broken = new AtomicBoolean(true);
    try (RecordJournal journal =
        new RecordJournal(
            records,
            () -> {
              if (broken.get()) {
                throw new IOException("disk is gone");
              }
            })) {
      journal.put("a", new byte[] {1}, true);
      assertThatThrownBy(journal::flush).hasMessageContaining("disk is gone");
      assertThat(get("a")).isNull();
      broken.set(false);
      journal.put("b", new byte[] {2}, false);
      journal.flush();
      assertThat(get("a")).containsExactly(1);
    }
  }

  @Test
  void closingWritesWhatIsStaged() throws IOException {
    RecordJournal journal = new RecordJournal(records, () -> {});
    journal.put("a", new byte[] {1}, true);
    journal.close();
    assertThat(get("a")).containsExactly(1);
  }
}
