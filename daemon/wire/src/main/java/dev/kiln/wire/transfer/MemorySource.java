package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.linux.ByteNames;
import dev.kiln.wire.fsutil.Stat;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Regular files that are only in memory, all at the top of the tree. */
public final class MemorySource implements FileSource {
  private final Map<String, File> files = new TreeMap<>(ByteNames::compare);

  @SuppressWarnings("ArrayRecordComponent") // file contents, never compared
  private record File(Stat stat, byte[] content) {}

  /**
   * Adds a file.
   *
   * @param stat path (without a slash), mode and time; the size is filled in
   */
  public MemorySource add(Stat stat, byte[] content) {
    if (stat.getPath().isEmpty() || stat.getPath().indexOf('/') >= 0) {
      throw new IllegalArgumentException("not a name at the top of a tree: " + stat.getPath());
    }
    files.put(stat.getPath(), new File(stat.toBuilder().setSize(content.length).build(), content));
    return this;
  }

  @Override
  public void walk(Visitor visitor) throws IOException {
    for (File file : files.values()) {
      visitor.visit(file.stat());
    }
  }

  @Override
  public Content open(String path) throws IOException {
    File file = files.get(path);
    if (file == null) {
      throw new FileNotFoundException(path);
    }
    ByteArrayInputStream in = new ByteArrayInputStream(file.content());
    return new Content() {
      @Override
      public int read(byte[] buffer) {
        return Math.max(0, in.read(buffer, 0, buffer.length));
      }

      @Override
      public void close() {}
    };
  }
}
