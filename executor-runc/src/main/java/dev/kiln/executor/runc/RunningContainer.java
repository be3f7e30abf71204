package dev.kiln.executor.runc;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A container whose run has not ended. Safe for use by many threads. */
final class RunningContainer {
  final String id;
  final Bundle bundle;
  final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger processes = new AtomicInteger();

  RunningContainer(String id, Bundle bundle) {
    this.id = id;
    this.bundle = bundle;
  }

  /** A number for the files of one more process. */
  int nextProcess() {
    return processes.incrementAndGet();
  }
}
