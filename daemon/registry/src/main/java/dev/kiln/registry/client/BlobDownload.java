package dev.kiln.registry.client;

import dev.kiln.snapshotter.content.Descriptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A blob's bytes as they come, and again from where they broke off when the connection breaks. Ends
 * exactly after the descriptor's size. Digests are not checked here. Not thread-safe, except that
 * another thread may close it.
 */
final class BlobDownload extends InputStream {
  private final Descriptor blob;
  private final Opener opener;
  private final RetryPolicy policy;
  private final TransferProgress progress;
  private final StallGuard guard;
  private final Runnable onClose;
  private volatile @Nullable InputStream body;
  private long received;
  private int failures;
  private boolean closed;

  /** Opens the blob at an offset. */
  @FunctionalInterface
  interface Opener {
    InputStream open(long offset) throws IOException;
  }

  /**
   * @param onClose called once when the stream is closed
   */
  BlobDownload(
      Descriptor blob,
      Opener opener,
      RetryPolicy policy,
      TransferProgress progress,
      Runnable onClose) {
    this.blob = blob;
    this.opener = opener;
    this.policy = policy;
    this.progress = progress;
    this.onClose = onClose;
    this.guard = new StallGuard(policy.stallTimeout(), this::breakOff);
  }

  /** Asks for the first byte, so that a refusal shows before anything is written. */
  void start() throws IOException {
    if (blob.size() > 0) {
      body = opener.open(0);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("the download of " + blob.digest() + " is closed");
    }
    if (received == blob.size()) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    int wanted = (int) Math.min(length, blob.size() - received);
    while (true) {
      try {
        int count = attempt(buffer, offset, wanted);
        received += count;
        failures = 0;
        progress.moved(received);
        return count;
      } catch (InterruptedIOException e) {
        throw e;
      } catch (dev.kiln.registry.failure.RegistryException e) {
        throw e;
      } catch (IOException e) {
        again(e);
      }
    }
  }

  private int attempt(byte[] buffer, int offset, int wanted) throws IOException {
    InputStream current = body;
    if (current == null) {
      current = opener.open(received);
      body = current;
    }
    guard.enter();
    try {
      int count = current.read(buffer, offset, wanted);
      if (count < 0) {
        throw new EOFException(
            "the connection ended after " + received + " of " + blob.size() + " bytes");
      }
      return count;
    } finally {
      guard.leave();
    }
  }

  /**
   * Prepares a further attempt, or gives up. Attempts count only while nothing arrives in between.
   */
  private void again(IOException failure) throws IOException {
    breakOff();
    body = null;
    failures++;
    if (Thread.currentThread().isInterrupted() || failures >= policy.maxAttempts()) {
      throw new IOException(
          "could not fetch blob "
              + blob.digest()
              + ": "
              + failure.getMessage()
              + "; gave up after "
              + failures
              + " attempts",
          failure);
    }
    Duration delay = policy.delayAfter(failures);
    policy.waitFor(delay);
  }

  private void breakOff() {
    InputStream current = body;
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        // It was broken already; the next attempt uses another one.
        body = null;
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    guard.close();
    try {
      InputStream current = body;
      if (current != null) {
        current.close();
      }
    } finally {
      onClose.run();
    }
  }
}
