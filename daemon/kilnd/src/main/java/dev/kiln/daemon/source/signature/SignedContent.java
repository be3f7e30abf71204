package dev.kiln.daemon.source.signature;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a signature is over; may be read more than once. */
@FunctionalInterface
public interface SignedContent {
  /** Reads it from its beginning; the caller closes the stream. */
  InputStream open() throws IOException;

  /** Content in memory. */
  static SignedContent of(byte[] bytes) {
    return () -> new ByteArrayInputStream(bytes);
  }
}
