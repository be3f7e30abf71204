package dev.kiln.snapshotter.content;

import java.io.IOException;

/** A blob that the content store does not hold. */
public final class BlobNotFoundException extends IOException {
  private final Digest digest;

  public BlobNotFoundException(Digest digest) {
    super("content " + digest + ": not found");
    this.digest = digest;
  }

  public Digest digest() {
    return digest;
  }
}
