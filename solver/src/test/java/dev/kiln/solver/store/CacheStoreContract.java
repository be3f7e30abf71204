package dev.kiln.solver.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.store.CacheStore.Change.AddLink;
import dev.kiln.solver.store.CacheStore.Change.AddResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every cache store does. */
abstract class CacheStoreContract {
  static final Instant T1 = Instant.parse("2024-05-06T07:08:09.123456789Z");
  static final Instant EPOCH = Instant.parse("0001-01-01T00:00:00Z");
  static final KeyLink L0 = new KeyLink(0, "sha256:rec", "sha256:sel");
  static final KeyLink L0_PLAIN = new KeyLink(0, "sha256:rec", "");
  static final KeyLink L1 = new KeyLink(1, "sha256:rec", "");

  abstract CacheStore store();

  private void add(CacheStore.Change... changes) {
    store().commit(List.of(changes)).join();
  }

  private static AddResult result(String key, String id) {
    return new AddResult(key, new StoredResult(id, T1));
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    store().forEachKey(keys::add);
    return keys;
  }

  @Test
  void anEmptyStoreKnowsNothing() {
    assertThat(store().exists("a")).isFalse();
    assertThat(store().results("a")).isEmpty();
    assertThat(store().targets("a", L0)).isEmpty();
    assertThat(store().backlinks("a")).isEmpty();
    assertThat(store().keysOf("r")).isEmpty();
    assertThat(keys()).isEmpty();
    store().release("r");
    assertThat(store().commit(List.of())).succeedsWithin(java.time.Duration.ofSeconds(5));
  }

  @Test
  void resultsKeepTheirTime() {
    add(result("a", "r1"), new AddResult("a", new StoredResult("r2", EPOCH)));
    assertThat(store().results("a"))
        .containsExactlyInAnyOrder(new StoredResult("r1", T1), new StoredResult("r2", EPOCH));
    add(new AddResult("a", new StoredResult("r1", EPOCH)));
    assertThat(store().results("a")).hasSize(2).allMatch(r -> r.createdAt().equals(EPOCH));
    assertThat(store().keysOf("r1")).containsExactly("a");
  }

  @Test
  void linksAreTold() {
    add(new AddLink("a", L0, "x"), new AddLink("a", L0, "y"), new AddLink("b", L1, "x"));
    assertThat(store().targets("a", L0)).containsExactlyInAnyOrder("x", "y");
    assertThat(store().targets("a", L0_PLAIN)).isEmpty();
    assertThat(store().targets("a", L1)).isEmpty();
    assertThat(store().hasLink("a", L0, "x")).isTrue();
    assertThat(store().hasLink("a", L0, "z")).isFalse();
    assertThat(store().backlinks("x"))
        .containsExactlyInAnyOrder(new Backlink("a", L0), new Backlink("b", L1));
    assertThat(store().exists("a")).isTrue();
    assertThat(store().exists("x")).isFalse();
  }

  @Test
  void keysThatAreBeginningsOfOthersAreToldApart() {
    add(result("ab", "r"), new AddLink("ab", L0_PLAIN, "x"), new AddLink("a", L0, "y"));
    assertThat(store().results("a")).isEmpty();
    assertThat(store().targets("a", L0_PLAIN)).isEmpty();
    assertThat(store().targets("ab", new KeyLink(0, "sha256:re", ""))).isEmpty();
    assertThat(store().keysOf("r")).containsExactly("ab");
  }

  @Test
  void releaseRemovesBranchesThatLeadNowhere() {
    add(
        new AddLink("root", L0, "mid"),
        new AddLink("root", L0, "other"),
        new AddLink("mid", L0, "leaf"),
        new AddLink("mid2", L1, "leaf"),
        result("leaf", "r1"),
        result("other", "r2"));
    store().release("r1");
    assertThat(keys()).containsExactlyInAnyOrder("root", "other");
    assertThat(store().targets("root", L0)).containsExactly("other");
    store().release("r2");
    assertThat(keys()).isEmpty();
    assertThat(store().backlinks("leaf")).isEmpty();
  }

  @Test
  void releaseKeepsKeysWithOtherResults() {
    add(new AddLink("root", L0, "mid"), result("mid", "r1"), result("mid", "r2"));
    store().release("r1");
    assertThat(store().results("mid")).containsExactly(new StoredResult("r2", T1));
    assertThat(store().targets("root", L0)).containsExactly("mid");
  }

  @Test
  void oneResultMayHangOnSeveralKeys() {
    add(result("a", "r"), result("b", "r"));
    assertThat(store().keysOf("r")).containsExactlyInAnyOrder("a", "b");
    List<String> results = new ArrayList<>();
    store().forEachResult(results::add);
    assertThat(results).containsExactly("r");
    store().release("r");
    assertThat(keys()).isEmpty();
  }

  @Test
  void loopsOfLinksDoNotHang() {
    add(new AddLink("a", L0, "b"), new AddLink("b", L0, "a"), result("a", "r"));
    store().release("r");
    assertThat(store().results("a")).isEmpty();
  }

  @Test
  void manyWritersAtOnce() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int n = t;
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; i < 50; i++) {
                  add(new AddLink("root", L0, n + "-" + i), result(n + "-" + i, "r" + n));
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(store().targets("root", L0)).hasSize(400);
    store().release("r3");
    assertThat(store().targets("root", L0)).hasSize(350);
  }
}
