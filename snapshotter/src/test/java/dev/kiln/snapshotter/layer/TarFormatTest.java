package dev.kiln.snapshotter.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.snapshotter.content.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

/** The tar dialect against another implementation, and against bytes that must never change. */
class TarFormatTest {
  private static TarEntry entry(
      String name, TarEntry.Type type, long uid, long size, long mtime, String l) {
    return new TarEntry(name, type, 04755, uid, 1, size, mtime, 0, l, 3, 70_000, Map.of());
  }

  private static byte[] sample() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(bytes);
    tar.begin(entry("a/", TarEntry.Type.DIRECTORY, 0, 0, 0, ""));
    tar.begin(entry("a/f", TarEntry.Type.FILE, 3_000_000, 3, 1_700_000_000, ""));
    tar.write(new byte[] {1, 2, 3}, 0, 3);
    tar.begin(entry("l".repeat(300), TarEntry.Type.SYMLINK, 1, 0, -1, "ü".repeat(80)));
    tar.begin(entry("dev", TarEntry.Type.CHARACTER_DEVICE, 1, 0, 9_999_999_999L, ""));
    tar.begin(TarEntry.whiteout("a/.wh.gone"));
    tar.finish();
    return bytes.toByteArray();
  }

  @Test
  void bytesStayTheSame() throws IOException {
    assertThat(Digest.of(sample()).text())
        .isEqualTo("sha256:d28a4963a0e202f79ad25952df92a15c6414cf8c5a9e87104889ee619c0a4f6d");
  }

  @Test
  void othersReadIt() throws IOException {
    try (var in = new TarArchiveInputStream(new ByteArrayInputStream(sample()), "UTF-8")) {
      TarArchiveEntry folder = in.getNextEntry();
      assertThat(folder.getName()).isEqualTo("a/");
      assertThat(folder.isDirectory()).isTrue();
      TarArchiveEntry file = in.getNextEntry();
      assertThat(file.getLongUserId()).isEqualTo(3_000_000);
      assertThat(file.getMode()).isEqualTo(04755);
      assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
      TarArchiveEntry link = in.getNextEntry();
      assertThat(link.getName()).isEqualTo("l".repeat(300));
      assertThat(link.getLinkName()).isEqualTo("ü".repeat(80));
      assertThat(link.getLastModifiedTime().toMillis()).isEqualTo(-1_000);
      TarArchiveEntry device = in.getNextEntry();
      assertThat(device.getDevMajor()).isEqualTo(3);
      assertThat(device.getDevMinor()).isEqualTo(70_000);
      assertThat(device.getLastModifiedTime().toMillis()).isEqualTo(9_999_999_999_000L);
      assertThat(in.getNextEntry().getName()).isEqualTo("a/.wh.gone");
      assertThat(in.getNextEntry()).isNull();
    }
  }

  @Test
  void gnuDialectIsRead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new TarArchiveOutputStream(bytes, "UTF-8")) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
      TarArchiveEntry one = new TarArchiveEntry("d/" + "x".repeat(200));
      one.setUserId(5_000_000_000L);
      one.setSize(2);
      one.setModTime(java.nio.file.attribute.FileTime.fromMillis(-5_000));
      out.putArchiveEntry(one);
      out.write(new byte[] {7, 8});
      out.closeArchiveEntry();
      TarArchiveEntry link = new TarArchiveEntry("ln", TarArchiveEntry.LF_SYMLINK);
      link.setLinkName("y".repeat(150));
      out.putArchiveEntry(link);
      out.closeArchiveEntry();
    }
    TarReader tar = new TarReader(new ByteArrayInputStream(bytes.toByteArray()));
    TarEntry one = tar.next();
    assertThat(one.name()).isEqualTo("d/" + "x".repeat(200));
    assertThat(one.uid()).isEqualTo(5_000_000_000L);
    assertThat(one.mtimeSeconds()).isEqualTo(-5);
    byte[] body = new byte[9];
    assertThat(tar.read(body, 0, 9)).isEqualTo(2);
    assertThat(tar.next().linkName()).isEqualTo("y".repeat(150));
    assertThat(tar.next()).isNull();
  }
}
