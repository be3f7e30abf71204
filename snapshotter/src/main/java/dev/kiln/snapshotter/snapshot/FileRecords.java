package dev.kiln.snapshotter.snapshot;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Records in one append-only file, replayed when opened: small and simple, for stores without a
 * database. A batch is a length, a checksum and its changes; a torn batch at the end is cut off.
 */
public final class FileRecords implements RecordStore {
  private static final int MAX_BATCH_BYTES = 256 << 20;
  private final MemoryRecords memory = new MemoryRecords();
  private final FileChannel file;

  private FileRecords(FileChannel file) {
    this.file = file;
  }

  /** Opens or makes the file. */
  @SuppressWarnings("resource") // the channel belongs to the result
  public static FileRecords open(Path path) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileRecords records = new FileRecords(file);
    records.replay();
    return records;
  }

  private void replay() throws IOException {
    InputStream raw = new java.io.BufferedInputStream(Channels.newInputStream(file), 1 << 16);
    DataInputStream in = new DataInputStream(raw);
    long good = 0;
    try {
      while (true) {
        int length = in.readInt();
        int sum = in.readInt();
        if (length < 0 || length > MAX_BATCH_BYTES) {
          break;
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length || checksum(body) != sum) {
          break;
        }
        memory.apply(decode(body));
        good += 8L + length;
      }
    } catch (EOFException e) {
      // The end of the file, perhaps within a batch that was never acknowledged.
    }
    file.truncate(good);
    file.position(good);
  }

  private static int checksum(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return (int) crc.getValue();
  }

  private static List<Change> decode(byte[] body) throws IOException {
    DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(body));
    int count = in.readInt();
    List<Change> changes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] key = in.readNBytes(in.readInt());
      int size = in.readInt();
      changes.add(new Change(key, size < 0 ? null : in.readNBytes(size)));
    }
    return changes;
  }

  private static byte[] encode(List<Change> changes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(changes.size());
    for (Change change : changes) {
      out.writeInt(change.key().length);
      out.write(change.key());
      byte[] value = change.value();
      out.writeInt(value == null ? -1 : value.length);
      if (value != null) {
        out.write(value);
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return memory.get(key);
  }

  @Override
  public void scan(byte[] prefix, Visitor visitor) throws IOException {
    memory.scan(prefix, visitor);
  }

  @Override
  public synchronized void apply(List<Change> changes) throws IOException {
    byte[] body = encode(changes);
    ByteBuffer frame = ByteBuffer.allocate(8 + body.length);
    frame.putInt(body.length).putInt(checksum(body)).put(body).flip();
    while (frame.hasRemaining()) {
      file.write(frame);
    }
    file.force(false);
    memory.apply(changes);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
