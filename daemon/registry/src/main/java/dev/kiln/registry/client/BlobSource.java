package dev.kiln.registry.client;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of something to send, which may be asked for more than once. Thread-safe. */
@FunctionalInterface
public interface BlobSource {
  /** Opens the bytes from their beginning; the reader closes the stream. */
  InputStream open() throws IOException;
}
