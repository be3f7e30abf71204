package dev.kiln.solver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.solver.store.CacheStore.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksCacheStoreTest extends CacheStoreContract {
  @TempDir Path folder;
  private MetadataDb db;
  private CacheStore store;

  @BeforeEach
  void open() throws IOException {
    db = MetadataDb.open(folder, List.of(RocksCacheStore.FAMILY, "other"), false);
    store = new RocksCacheStore(db);
  }

  @AfterEach
  void close() {
    store.close();
    db.close();
  }

  @Override
  CacheStore store() {
    return store;
  }

  @Test
  void recordsSurviveARestart() throws IOException {
    store
        .commit(
            List.of(
                new Change.AddResult("a", new StoredResult("r", T1)),
                new Change.AddLink("a", L0, "b")))
        .join();
    close();
    open();
    assertThat(store.results("a")).containsExactly(new StoredResult("r", T1));
    assertThat(store.targets("a", L0)).containsExactly("b");
  }

  @Test
  void whatIsKnownFromOneSideIsRestored() {
    var batch = db.batch();
    byte[] time = new byte[12];
    time[7] = 5;
    batch.put(RocksCacheStore.FAMILY, "ra\0one".getBytes(StandardCharsets.UTF_8), time);
    batch.put(RocksCacheStore.FAMILY, "itwo\0a".getBytes(StandardCharsets.UTF_8), new byte[0]);
    batch.put(
        RocksCacheStore.FAMILY,
        "bb\0a\0000\0rec\0sel".getBytes(StandardCharsets.UTF_8),
        new byte[0]);
    db.apply(batch);
    ((RocksCacheStore) store).restoreIndexes();
    assertThat(store.results("a")).extracting(StoredResult::id).containsExactly("one", "two");
    assertThat(store.keysOf("one")).containsExactly("a");
    assertThat(store.targets("a", new KeyLink(0, "rec", "sel"))).containsExactly("b");
    assertThat(store.backlinks("b")).hasSize(1);
  }

  @Test
  void recordsOfAnotherVersionAreRefused() {
    byte[] version = "v".getBytes(StandardCharsets.UTF_8);
    db.apply(db.batch().put(RocksCacheStore.FAMILY, version, new byte[] {'9'}));
    assertThatThrownBy(() -> new RocksCacheStore(db))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 9");
  }

  @Test
  void lookUpsStayFastWithManyRecords() {
    int count = 100_000;
    for (int from = 0; from < count; from += 1000) {
      List<Change> changes = new ArrayList<>();
      for (int i = from; i < from + 1000; i++) {
        changes.add(new Change.AddResult("key" + i, new StoredResult("r" + i, T1)));
        changes.add(new Change.AddLink("key" + i, L0, "key" + (i + 1)));
      }
      store.apply(changes);
    }
    long start = System.nanoTime();
    for (int i = 0; i < 2000; i++) {
      int n = (i * 7919) % count;
      assertThat(store.results("key" + n).size() + store.targets("key" + n, L0).size())
          .isEqualTo(2);
    }
    assertThat((System.nanoTime() - start) / 2000).isLessThan(1_000_000);
  }

  @Test
  void familiesThatWereNotNamedAreKept() throws IOException {
    byte[] key = {1};
    db.commit(db.batch().put("other", key, key)).join();
    close();
    db = MetadataDb.open(folder, List.of(), false);
    store = new RocksCacheStore(db);
    assertThat(db.get("other", key)).isEqualTo(key);
    assertThatThrownBy(() -> MetadataDb.open(folder, List.of(), false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no other daemon");
  }
}
