package dev.kiln.snapshotter.snapshot;

import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.LinuxException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes small folders in the background, one after the other. Thread-safe. */
final class FolderRemoval implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderRemoval.class);
  private static final int IDLE_SECONDS = 5;
  private static final int CLOSE_WAIT_SECONDS = 30;

  private final ThreadPoolExecutor thread;

  FolderRemoval() {
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("kiln-folders").factory(),
            // After the end, what is left goes with the next start.
            new ThreadPoolExecutor.DiscardPolicy());
    thread.allowCoreThreadTimeOut(true);
  }

  /** Removes a folder that no record names any more. */
  void later(String path) {
    thread.execute(
        () -> {
          try {
            FileTree.remove(path);
          } catch (LinuxException e) {
            LOG.warn("could not remove {}; the next start will", path, e);
          }
        });
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
