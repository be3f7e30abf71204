package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.wire.fsutil.Stat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A transfer of metadata: all entries are written down in one file, and only wanted ones, with the
 * directories that lead to them, become files.
 */
final class MetadataLog {
  /** The file at the root of the result; a sender's entry of this name is passed over. */
  static final String NAME = ".fsutil-metadata";

  private final Predicate<String> wanted;
  private final ByteArrayOutputStream records = new ByteArrayOutputStream();

  /** Directories on the way to the current entry that were not made yet. */
  private final List<Stat> waiting = new ArrayList<>();

  MetadataLog(Predicate<String> wanted) {
    this.wanted = wanted;
  }

  /** Notes an entry; gives what has to be made now, outermost first. */
  List<Stat> add(Stat stat) {
    byte[] record = stat.toByteArray();
    byte[] length =
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(record.length)
            .array();
    records.writeBytes(length);
    records.writeBytes(record);
    while (!waiting.isEmpty() && !stat.getPath().startsWith(waiting.getLast().getPath() + "/")) {
      waiting.removeLast();
    }
    if (!wanted.test(stat.getPath())) {
      if (GoMode.isDirectory(stat.getMode())) {
        waiting.add(stat);
      }
      return List.of();
    }
    List<Stat> due = new ArrayList<>(waiting);
    waiting.clear();
    due.add(stat);
    return due;
  }

  /** Writes the records into the received tree. */
  void write(String root) throws IOException {
    String path = root + "/" + NAME;
    FileTree.remove(path);
    Files.write(Path.of(path), records.toByteArray());
    dev.kiln.snapshotter.linux.NodeCalls.setPermissions(path, 0644);
  }
}
