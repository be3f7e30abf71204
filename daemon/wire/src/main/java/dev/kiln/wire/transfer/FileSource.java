package dev.kiln.wire.transfer;

import dev.kiln.wire.fsutil.Stat;
import java.io.IOException;

/** A tree of files to send. Immutable while it is sent; {@link #open} is called by many threads. */
public interface FileSource {
  /** Takes the entries of a walk. */
  @FunctionalInterface
  interface Visitor {
    void visit(Stat entry) throws IOException;
  }

  /** One open file. */
  interface Content extends AutoCloseable {
    /**
     * Reads into the array from its start.
     *
     * @return how many bytes, 0 at the end
     */
    int read(byte[] buffer) throws IOException;

    @Override
    void close();
  }

  /**
   * Visits all entries but the root in the order of the protocol: each directory right before what
   * it holds, names in byte order. The second name of a file is an entry whose link name is the
   * path of the first.
   */
  void walk(Visitor visitor) throws IOException;

  /** Opens a regular file by the path that the walk gave. */
  Content open(String path) throws IOException;
}
