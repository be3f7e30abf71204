package dev.kiln.snapshotter.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.snapshotter.content.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** One gzip member, whatever the size, the engine and the way it is written. */
class BlockGzipStreamTest {
  private static byte[] data(int size) {
    Random random = new Random(size);
    byte[] data = new byte[size];
    for (int i = 0; i < size; i++) {
      data[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : i / 100);
    }
    return data;
  }

  private static List<BlockDeflater> engines() {
    List<BlockDeflater> engines = new ArrayList<>(List.of(new ZlibBlocks(6), new ZlibBlocks(0)));
    if (IsalBlocks.instance() != null) {
      engines.add(IsalBlocks.instance());
    }
    return engines;
  }

  private static byte[] gzip(byte[] data, BlockDeflater engine, int piece) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BlockGzipStream gzip = new BlockGzipStream(out, engine)) {
      for (int at = 0; at < data.length; at += piece) {
        gzip.write(data, at, Math.min(piece, data.length - at));
      }
      gzip.finish();
    }
    return out.toByteArray();
  }

  @Test
  void everySizeComesBack() throws IOException {
    int block = BlockGzipStream.BLOCK_BYTES;
    for (BlockDeflater engine : engines()) {
      for (int size : new int[] {0, 1, 100, block - 1, block, block + 1, 3 * block, 5_000_000}) {
        byte[] data = data(size);
        byte[] packed = gzip(data, engine, 1 << 20);
        assertThat(gzip(data, engine, 77_777)).isEqualTo(packed);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
          assertThat(in.readAllBytes()).as("%s, %d bytes", engine, size).isEqualTo(data);
        }
      }
    }
  }

  @Test
  void incompressibleDataGrowsLittle() throws IOException {
    byte[] noise = new byte[3_000_000];
    new Random(1).nextBytes(noise);
    for (BlockDeflater engine : engines()) {
      assertThat(gzip(noise, engine, 1 << 20)).hasSizeLessThan(3_010_000);
    }
  }

  /** A change here changes the digests of all layers that are built reproducibly. */
  @Test
  void portableBytesStayTheSame() throws IOException {
    byte[] packed = gzip(data(3_000_000), new ZlibBlocks(-1), 1 << 20);
    assertThat(Digest.of(packed).text())
        .isEqualTo("sha256:16377b399078b615bf85a65da921dbd4d844c392558dab73feef5ff835b57b7e");
  }
}
