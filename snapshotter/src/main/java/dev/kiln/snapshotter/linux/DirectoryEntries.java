package dev.kiln.snapshotter.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The names in a directory, read by getdents64(2). */
public final class DirectoryEntries {
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int NAME_OFFSET = 19;
  private static final CFunction GETDENTS = CFunction.givingLong("getdents64", 3);

  private DirectoryEntries() {}

  /**
   * One entry of a directory.
   *
   * @param type a type constant of {@link FileStatus}, or 0 where the file system does not say
   */
  public record Entry(String name, int type) {}

  /** The names in a directory without {@code .} and {@code ..}, sorted by their bytes. */
  public static List<String> sorted(String path) throws LinuxException {
    return sortedEntries(path).stream().map(Entry::name).toList();
  }

  /** The entries of a directory without {@code .} and {@code ..}, sorted by the names' bytes. */
  public static List<Entry> sortedEntries(String path) throws LinuxException {
    try (Fd fd = Fd.directory(path)) {
      List<Entry> entries = read(fd, path);
      entries.sort((a, b) -> ByteNames.compare(a.name(), b.name()));
      return entries;
    }
  }

  private static List<Entry> read(Fd fd, String path) throws LinuxException {
    List<Entry> entries = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
      while (true) {
        long count =
            Libc.call(
                "getdents64",
                path,
                (a, s) -> GETDENTS.call(s, fd.number(), buffer.address(), BUFFER_BYTES));
        if (count == 0) {
          return entries;
        }
        collect(buffer, count, entries);
      }
    }
  }

  /** Records are {@code struct linux_dirent64}: inode, offset, length (2), type (1), name. */
  private static void collect(MemorySegment buffer, long count, List<Entry> entries) {
    for (long at = 0; at < count; ) {
      int length = buffer.get(ValueLayout.JAVA_SHORT, at + 16) & 0xFFFF;
      byte[] bytes = new byte[length - NAME_OFFSET];
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, at + NAME_OFFSET, bytes, 0, bytes.length);
      int end = 0;
      while (bytes[end] != 0) {
        end++;
      }
      String name = ByteNames.decode(bytes, 0, end);
      if (!name.equals(".") && !name.equals("..")) {
        // The type byte holds the upper four bits of st_mode.
        int type = (buffer.get(ValueLayout.JAVA_BYTE, at + 18) & 0xF) << 12;
        entries.add(new Entry(name, type));
      }
      at += length;
    }
  }
}
