package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.FileStatus;
import java.util.Map;
import java.util.TreeMap;

/**
 * One header of a tar stream.
 *
 * @param name path without leading slash; folders end with a slash
 * @param permissions the lower 12 bits of the mode
 * @param size bytes of content that follow, 0 except for {@link Type#FILE}
 * @param linkName target of a symlink, or name of the entry that a hard link repeats; else empty
 * @param xattrs extended attributes by name
 */
record TarEntry(
    String name,
    Type type,
    int permissions,
    long uid,
    long gid,
    long size,
    long mtimeSeconds,
    int mtimeNanos,
    String linkName,
    int major,
    int minor,
    Map<String, byte[]> xattrs) {

  /** Kinds of entries with their type flag in the header. */
  enum Type {
    FILE('0'),
    HARD_LINK('1'),
    SYMLINK('2'),
    CHARACTER_DEVICE('3'),
    BLOCK_DEVICE('4'),
    DIRECTORY('5'),
    FIFO('6');

    final char flag;

    Type(char flag) {
      this.flag = flag;
    }

    /** The type for the type bits of a mode; sockets have none. */
    static Type ofMode(int mode) {
      return switch (mode & FileStatus.TYPE_MASK) {
        case FileStatus.REGULAR -> FILE;
        case FileStatus.SYMLINK -> SYMLINK;
        case FileStatus.CHARACTER_DEVICE -> CHARACTER_DEVICE;
        case FileStatus.BLOCK_DEVICE -> BLOCK_DEVICE;
        case FileStatus.DIRECTORY -> DIRECTORY;
        case FileStatus.FIFO -> FIFO;
        default -> throw new IllegalArgumentException("no tar type for mode " + mode);
      };
    }
  }

  TarEntry {
    xattrs = java.util.Collections.unmodifiableMap(new TreeMap<>(xattrs));
  }

  /** A marker file for a deletion: empty, mode 0, root's, from 1970. */
  static TarEntry whiteout(String name) {
    return new TarEntry(name, Type.FILE, 0, 0, 0, 0, 0, 0, "", 0, 0, Map.of());
  }

  /** The same file with other owners. */
  TarEntry ownedBy(long user, long group) {
    return new TarEntry(
        name,
        type,
        permissions,
        user,
        group,
        size,
        mtimeSeconds,
        mtimeNanos,
        linkName,
        major,
        minor,
        xattrs);
  }

  /** The same file under another name, as a hard link to {@code target}. */
  TarEntry linkedTo(String other, String target) {
    return new TarEntry(
        other,
        Type.HARD_LINK,
        permissions,
        uid,
        gid,
        0,
        mtimeSeconds,
        mtimeNanos,
        target,
        major,
        minor,
        xattrs);
  }
}
