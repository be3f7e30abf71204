package dev.kiln.snapshotter.snapshot;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Records in memory, for tests and throw-away stores. */
public final class MemoryRecords implements RecordStore {
  private final TreeMap<byte[], byte[]> records = new TreeMap<>(Arrays::compareUnsigned);

  @Override
  public synchronized byte @Nullable [] get(byte[] key) {
    byte[] value = records.get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public void scan(byte[] prefix, Visitor visitor) throws IOException {
    List<java.util.Map.Entry<byte[], byte[]>> found;
    synchronized (this) {
      found =
          records.tailMap(prefix, true).entrySet().stream()
              .takeWhile(e -> startsWith(e.getKey(), prefix))
              .map(e -> java.util.Map.entry(e.getKey(), e.getValue()))
              .toList();
    }
    for (var entry : found) {
      visitor.visit(entry.getKey(), entry.getValue());
    }
  }

  static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  @Override
  public synchronized void apply(List<Change> changes) {
    for (Change change : changes) {
      byte[] value = change.value();
      if (value == null) {
        records.remove(change.key());
      } else {
        records.put(change.key().clone(), value.clone());
      }
    }
  }

  @Override
  public void close() {}
}
