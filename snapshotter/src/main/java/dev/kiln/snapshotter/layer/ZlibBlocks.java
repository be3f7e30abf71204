package dev.kiln.snapshotter.layer;

import java.util.Arrays;
import java.util.zip.Deflater;

/** Blocks deflated by the JDK's zlib: the same bytes on every machine. */
record ZlibBlocks(int level) implements BlockDeflater {
  @Override
  public Packed pack(byte[] input, int length, byte[] dictionary, boolean last) {
    Deflater deflater = new Deflater(level, true);
    try {
      if (dictionary.length > 0) {
        deflater.setDictionary(dictionary);
      }
      deflater.setInput(input, 0, length);
      if (last) {
        deflater.finish();
      }
      byte[] output = new byte[length / 2 + 1024];
      int done = 0;
      while (true) {
        int room = output.length - done;
        int flush = last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
        int n = deflater.deflate(output, done, room, flush);
        done += n;
        if (last ? deflater.finished() : n < room) {
          return new Packed(output, done);
        }
        output = Arrays.copyOf(output, output.length * 2);
      }
    } finally {
      deflater.end();
    }
  }
}
