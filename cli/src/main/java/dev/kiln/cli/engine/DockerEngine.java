package dev.kiln.cli.engine;

import java.io.IOException;
import java.io.OutputStream;

/** A Docker engine that takes images. Thread-safe. */
public interface DockerEngine {
  /**
   * Whether it takes images of several platforms and with attestations, as engines with a
   * containerd image store do.
   */
  boolean takesLists() throws IOException;

  /** Starts to load an archive. */
  Loading load() throws IOException;

  /** An archive on its way into the engine. */
  interface Loading {
    /** Where the archive is written to; closing it ends the archive. */
    OutputStream archive();

    /**
     * Waits until the engine has the image.
     *
     * @throws IOException with what the engine says against it
     */
    void await(LoadListener listener) throws IOException;

    /** Gives up. */
    void abort();
  }

  /** Hears how far an engine is. */
  @FunctionalInterface
  interface LoadListener {
    /** A part with its size in bytes; {@code total} is 0 if that is not known. */
    void part(String name, long current, long total);
  }
}
