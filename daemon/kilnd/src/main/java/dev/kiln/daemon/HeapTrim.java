package dev.kiln.daemon;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import javax.management.NotificationEmitter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the heap of a daemon that runs for months near what it needs. The serial collector lets the
 * old generation grow to the heap's limit before it looks for garbage there; this has it look when
 * as much was added as was in use after the last look, and at least {@value #ROOM_BYTES} bytes.
 */
final class HeapTrim {
  private static final Logger LOG = LoggerFactory.getLogger(HeapTrim.class);
  private static final long ROOM_BYTES = 48L << 20;

  private final MemoryPoolMXBean pool;

  private HeapTrim(MemoryPoolMXBean pool) {
    this.pool = pool;
  }

  /**
   * Watches from now on, on a thread of its own; does nothing under a collector of another kind.
   */
  static void start() {
    Thread.ofPlatform().daemon().name("kilnd-heap").start(HeapTrim::watch);
  }

  private static void watch() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals("Tenured Gen") && pool.getType() == MemoryType.HEAP) {
        HeapTrim trim = new HeapTrim(pool);
        ((NotificationEmitter) ManagementFactory.getMemoryMXBean())
            .addNotificationListener(
                (notification, _) -> {
                  if (notification
                      .getType()
                      .equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED)) {
                    trim.collect();
                  }
                },
                null,
                null);
        pool.setUsageThreshold(nextLook(pool.getUsage().getUsed()));
      }
    }
  }

  private void collect() {
    long before = pool.getUsage().getUsed();
    System.gc();
    long after = pool.getUsage().getUsed();
    long limit = nextLook(after);
    long max = pool.getUsage().getMax();
    // Near the limit the collector looks by itself.
    pool.setUsageThreshold(max > 0 && limit > max ? 0 : limit);
    LOG.debug("old generation: {} bytes before, {} after, next look at {}", before, after, limit);
  }

  /** At how many bytes in use the next look is due. */
  static long nextLook(long used) {
    return used + Math.max(used, ROOM_BYTES);
  }
}
