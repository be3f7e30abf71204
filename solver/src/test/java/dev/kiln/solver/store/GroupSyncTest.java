package dev.kiln.solver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class GroupSyncTest {
  @Test
  void writersDuringASyncShareTheNext() throws Exception {
    AtomicInteger syncs = new AtomicInteger();
    CountDownLatch inFirst = new CountDownLatch(1);
    Semaphore go = new Semaphore(0);
    try (GroupSync sync =
        new GroupSync(
            () -> {
              syncs.incrementAndGet();
              inFirst.countDown();
              go.acquire();
            },
            "test")) {
      assertThat(sync.barrier()).isCompleted();
      CompletableFuture<Void> first = sync.afterWrite();
      inFirst.await();
      List<CompletableFuture<Void>> rest = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        rest.add(sync.afterWrite());
      }
      assertThat(rest).noneMatch(CompletableFuture::isDone);
      go.release(2);
      first.get();
      for (CompletableFuture<Void> f : rest) {
        f.get();
      }
      assertThat(syncs.get()).isEqualTo(2);
      assertThat(sync.barrier()).isCompleted();
    }
  }

  @Test
  void aFailedSyncFailsThoseThatWaitForIt() {
    try (GroupSync sync =
        new GroupSync(
            () -> {
              throw new java.io.IOException("disk full");
            },
            "test")) {
      assertThatThrownBy(() -> sync.afterWrite().join()).hasMessageContaining("disk full");
    }
  }
}
