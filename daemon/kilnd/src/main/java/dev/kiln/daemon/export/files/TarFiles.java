package dev.kiln.daemon.export.files;

import dev.kiln.wire.fsutil.Stat;
import dev.kiln.wire.transfer.FileSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes a tree of files as a tar. Stateless. */
final class TarFiles {
  private static final int DIRECTORY = 1 << 31;
  private static final int SYMLINK = 1 << 27;
  private static final int DEVICE = 1 << 26;
  private static final int PIPE = 1 << 25;
  private static final int SETUID = 1 << 23;
  private static final int SETGID = 1 << 22;
  private static final int CHARACTER = 1 << 21;
  private static final int STICKY = 1 << 20;
  private static final int COPY_BYTES = 1 << 16;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private TarFiles() {}

  /** Writes all entries in the order of the walk; the output is not closed. */
  static void write(FileSource files, OutputStream out) throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    byte[] buffer = new byte[COPY_BYTES];
    files.walk(stat -> put(tar, files, stat, buffer));
    tar.finish();
    tar.flush();
  }

  private static void put(TarArchiveOutputStream tar, FileSource files, Stat stat, byte[] buffer)
      throws IOException {
    TarArchiveEntry entry = header(stat);
    for (Map.Entry<String, com.google.protobuf.ByteString> xattr : stat.getXattrsMap().entrySet()) {
      entry.addPaxHeader(
          "SCHILY.xattr." + xattr.getKey(),
          new String(xattr.getValue().toByteArray(), StandardCharsets.UTF_8));
    }
    tar.putArchiveEntry(entry);
    if (entry.getSize() > 0) {
      try (FileSource.Content content = files.open(stat.getPath())) {
        for (int count = content.read(buffer); count > 0; count = content.read(buffer)) {
          tar.write(buffer, 0, count);
        }
      }
    }
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry header(Stat stat) {
    byte type = type(stat);
    String name = type == TarConstants.LF_DIR ? stat.getPath() + "/" : stat.getPath();
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setMode(mode(stat.getMode()));
    entry.setUserId(Integer.toUnsignedLong(stat.getUid()));
    entry.setGroupId(Integer.toUnsignedLong(stat.getGid()));
    entry.setModTime(Math.floorDiv(stat.getModTime(), NANOS_PER_SECOND) * 1000);
    switch (type) {
      case TarConstants.LF_LINK, TarConstants.LF_SYMLINK -> entry.setLinkName(stat.getLinkname());
      case TarConstants.LF_CHR, TarConstants.LF_BLK -> {
        entry.setDevMajor((int) stat.getDevmajor());
        entry.setDevMinor((int) stat.getDevminor());
      }
      case TarConstants.LF_NORMAL -> entry.setSize(stat.getSize());
      default -> {}
    }
    return entry;
  }

  private static byte type(Stat stat) {
    int mode = stat.getMode();
    if ((mode & DIRECTORY) != 0) {
      return TarConstants.LF_DIR;
    }
    if ((mode & SYMLINK) != 0) {
      return TarConstants.LF_SYMLINK;
    }
    if (!stat.getLinkname().isEmpty()) {
      return TarConstants.LF_LINK;
    }
    if ((mode & DEVICE) != 0) {
      return (mode & CHARACTER) != 0 ? TarConstants.LF_CHR : TarConstants.LF_BLK;
    }
    return (mode & PIPE) != 0 ? TarConstants.LF_FIFO : TarConstants.LF_NORMAL;
  }

  private static int mode(int mode) {
    int out = mode & 0777;
    out |= (mode & SETUID) != 0 ? 04000 : 0;
    out |= (mode & SETGID) != 0 ? 02000 : 0;
    return out | ((mode & STICKY) != 0 ? 01000 : 0);
  }
}
