package dev.kiln.snapshotter.content;

import java.io.IOException;

/** Bytes that are not those that their descriptor promised. */
public final class BlobMismatchException extends IOException {
  public BlobMismatchException(String message) {
    super(message);
  }
}
