package dev.kiln.solver.why;

import dev.kiln.solver.store.MetadataDb;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a family of the metadata database, of which those that were written longest ago make room
 * for new ones. Rows are put in a batch: begin, put, end. Not thread-safe.
 *
 * <p>Keys are the table's letter, then {@code d name} for a row (8 bytes of its sequence number,
 * then its content), {@code o number} for the same in order (the name), and {@code t} for the
 * totals: rows, bytes and the next number, 8 bytes each, big endian.
 */
final class BoundedTable {
  private static final int LONG = Long.BYTES;

  private final MetadataDb db;
  private final String family;
  private final char letter;
  private final long maxRows;
  private final long maxBytes;

  /** The rows of the batch that is being made; reads do not see them in the database yet. */
  private final Map<ByteBuffer, byte[]> pending = new HashMap<>();

  private long rows;
  private long bytes;
  private long next;

  BoundedTable(MetadataDb db, String family, char letter, long maxRows, long maxBytes) {
    this.db = db;
    this.family = family;
    this.letter = letter;
    this.maxRows = maxRows;
    this.maxBytes = maxBytes;
    byte[] totals = db.get(family, key('t'));
    if (totals != null && totals.length == 3 * LONG) {
      ByteBuffer in = ByteBuffer.wrap(totals);
      rows = in.getLong();
      bytes = in.getLong();
      next = in.getLong();
    }
  }

  private byte[] key(char kind, byte... rest) {
    return ByteBuffer.allocate(2 + rest.length)
        .put((byte) letter)
        .put((byte) kind)
        .put(rest)
        .array();
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(LONG).putLong(value).array();
  }

  private byte @Nullable [] row(byte[] name) {
    byte[] fresh = pending.get(ByteBuffer.wrap(name));
    return fresh == null ? db.get(family, key('d', name)) : fresh;
  }

  boolean has(byte[] name) {
    return row(name) != null;
  }

  /** The content of a row; null if it is not there. */
  byte @Nullable [] get(byte[] name) {
    byte[] row = row(name);
    if (row == null || row.length < LONG) {
      return null;
    }
    byte[] content = new byte[row.length - LONG];
    System.arraycopy(row, LONG, content, 0, content.length);
    return content;
  }

  /** Sets a row, which is then the youngest. */
  void put(MetadataDb.Batch batch, byte[] name, byte[] content) {
    byte[] old = row(name);
    if (old != null) {
      remove(batch, name, old);
    }
    byte[] row = ByteBuffer.allocate(LONG + content.length).putLong(next).put(content).array();
    batch.put(family, key('d', name), row);
    batch.put(family, key('o', number(next)), name);
    pending.put(ByteBuffer.wrap(name), row);
    next++;
    rows++;
    bytes += row.length;
  }

  private void remove(MetadataDb.Batch batch, byte[] name, byte[] row) {
    batch.delete(family, key('d', name));
    batch.delete(family, key('o', number(ByteBuffer.wrap(row).getLong())));
    rows--;
    bytes -= row.length;
  }

  private boolean isOver(long rowLimit, long byteLimit) {
    return rows > rowLimit || bytes > byteLimit;
  }

  /** Makes room if needed, for a tenth of all that there may be, and completes the batch. */
  void end(MetadataDb.Batch batch) {
    if (isOver(maxRows, maxBytes)) {
      db.scan(
          family,
          key('o'),
          (key, name) -> {
            byte[] row = pending.containsKey(ByteBuffer.wrap(name)) ? null : row(name);
            if (row == null
                || ByteBuffer.wrap(row).getLong() != ByteBuffer.wrap(key, 2, LONG).getLong()) {
              batch.delete(family, key);
            } else {
              remove(batch, name, row);
            }
            return isOver(maxRows / 10 * 9, maxBytes / 10 * 9);
          });
    }
    batch.put(
        family,
        key('t'),
        ByteBuffer.allocate(3 * LONG).putLong(rows).putLong(bytes).putLong(next).array());
    pending.clear();
  }
}
