package dev.kiln.solver.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is intact of a RocksDB write-ahead log, past places that are damaged. Written after
 * RocksDB's description of the format ("Write Ahead Log File Format" and {@code write_batch.cc}):
 * blocks of 32 KiB with records of a masked CRC-32C, a length of two bytes and a type, all little
 * endian; a batch is a sequence number of 8 bytes, a count of 4 and tagged changes.
 */
final class WalReader {
  private static final int BLOCK = 32 << 10;
  private static final int HEADER = 7;
  private static final int BATCH_HEADER = 12;
  private static final int CRC_MASK = 0xa282ead8;
  private static final byte PADDING = 0;
  private static final byte FULL = 1;
  private static final byte FIRST = 2;
  private static final byte MIDDLE = 3;
  private static final byte LAST = 4;

  /** Takes the changes, oldest first. */
  interface Changes {
    /**
     * One change.
     *
     * @param family its number
     * @param value null for a removal
     */
    void change(int family, byte[] key, byte @Nullable [] value) throws IOException;
  }

  private final Changes changes;
  private @Nullable ByteArrayOutputStream open;
  private int damaged;
  private boolean unfinished;

  private WalReader(Changes changes) {
    this.changes = changes;
  }

  /**
   * Reads a log.
   *
   * @return how many places could not be read; a last record that breaks off is none, since nobody
   *     was told that it is safe
   */
  static int read(Path log, Changes changes) throws IOException {
    WalReader reader = new WalReader(changes);
    try (InputStream in = Files.newInputStream(log)) {
      byte[] block = in.readNBytes(BLOCK);
      while (block.length > 0) {
        reader.block(ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN));
        block = in.readNBytes(BLOCK);
      }
    }
    return reader.damaged - (reader.unfinished ? 1 : 0);
  }

  private void block(ByteBuffer block) throws IOException {
    unfinished = false;
    while (block.remaining() >= HEADER) {
      int sum = block.getInt();
      int length = Short.toUnsignedInt(block.getShort());
      byte type = block.get();
      if (type == PADDING && length == 0) {
        return;
      }
      if (length > block.remaining()) {
        // Where a record ends is not known, so the rest of the block is lost.
        lost();
        unfinished = block.capacity() < BLOCK;
        return;
      }
      byte[] payload = new byte[length];
      block.get(payload);
      if (sum == masked(type, payload)) {
        piece(type, payload);
      } else {
        lost();
        unfinished = !block.hasRemaining() && block.capacity() < BLOCK;
      }
    }
  }

  private void lost() {
    damaged++;
    open = null;
  }

  private static int masked(byte type, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(type);
    crc.update(payload);
    return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
  }

  private void piece(byte type, byte[] payload) throws IOException {
    switch (type) {
      case FULL -> {
        open = null;
        batch(payload);
      }
      case FIRST -> {
        open = new ByteArrayOutputStream();
        open.writeBytes(payload);
      }
      case MIDDLE -> {
        if (open != null) {
          open.writeBytes(payload);
        }
      }
      case LAST -> {
        if (open != null) {
          open.writeBytes(payload);
          byte[] whole = open.toByteArray();
          open = null;
          batch(whole);
        }
      }
      default -> {
        // Notes of RocksDB to itself.
      }
    }
  }

  private void batch(byte[] bytes) throws IOException {
    if (bytes.length < BATCH_HEADER) {
      damaged++;
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).position(BATCH_HEADER);
    while (in.hasRemaining()) {
      int tag = in.get();
      switch (tag) {
        case 0x0 -> changes.change(0, text(in), null);
        case 0x1 -> changes.change(0, text(in), text(in));
        case 0x3 -> text(in);
        case 0x4 -> changes.change(number(in), text(in), null);
        case 0x5 -> changes.change(number(in), text(in), text(in));
        case 0xD -> {
          // Nothing to do.
        }
        default -> {
          damaged++;
          return;
        }
      }
    }
  }

  private static byte[] text(ByteBuffer in) {
    byte[] bytes = new byte[number(in)];
    in.get(bytes);
    return bytes;
  }

  /** Seven bits a byte, lowest first; the highest bit says that more follow. */
  private static int number(ByteBuffer in) {
    int number = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      number |= (next & 0x7f) << shift;
      if (next >= 0) {
        return number;
      }
    }
  }
}
