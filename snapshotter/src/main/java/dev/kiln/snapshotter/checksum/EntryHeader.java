package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.linux.ByteNames;
import dev.kiln.snapshotter.linux.FileStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a content digest says of one file system entry besides its bytes. Times, names and link
 * counts are not part of it. The form is Docker's old "tarsum", version 1.
 *
 * @param mode type and permission bits as in {@code st_mode}
 * @param size in bytes; counts for regular files only
 * @param link the text of a symlink, else empty
 * @param deviceMajor 0 unless the entry came by file transfer and is a device node
 * @param deviceMinor likewise
 * @param xattrs all extended attributes; those that do not count are left out here
 */
public record EntryHeader(
    int mode,
    int uid,
    int gid,
    long size,
    String link,
    long deviceMajor,
    long deviceMinor,
    Map<String, byte[]> xattrs) {
  private static final int PERMISSION_MASK = 0xFFF;

  /** A hash that has taken in this header; feed it the content of a regular file, then finish. */
  public MessageDigest start() {
    MessageDigest hash = Hashes.sha256();
    boolean symlink = (mode & FileStatus.TYPE_MASK) == FileStatus.SYMLINK;
    add(hash, "namemode" + (mode & PERMISSION_MASK));
    add(hash, "uid" + Integer.toUnsignedString(uid) + "gid" + Integer.toUnsignedString(gid));
    add(hash, "size" + (typeFlag() == '0' ? size : 0) + "typeflag" + typeFlag() + "linkname");
    if (symlink) {
      hash.update(ByteNames.encode(link));
    }
    add(hash, "unamegnamedevmajor" + deviceMajor + "devminor" + deviceMinor);
    addXattrs(hash);
    return hash;
  }

  private static void add(MessageDigest hash, String ascii) {
    hash.update(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void addXattrs(MessageDigest hash) {
    if (xattrs.isEmpty()) {
      return;
    }
    Map<String, byte[]> sorted = new TreeMap<>(ByteNames::compare);
    sorted.putAll(xattrs);
    sorted.forEach(
        (name, value) -> {
          if (counts(name)) {
            hash.update(ByteNames.encode(name));
            hash.update(value);
          }
        });
  }

  /** The type letter of a tar header; a socket passes for an empty regular file. */
  private char typeFlag() {
    return switch (mode & FileStatus.TYPE_MASK) {
      case FileStatus.SYMLINK -> '2';
      case FileStatus.CHARACTER_DEVICE -> '3';
      case FileStatus.BLOCK_DEVICE -> '4';
      case FileStatus.DIRECTORY -> '5';
      case FileStatus.FIFO -> '6';
      default -> '0';
    };
  }

  private static boolean counts(String name) {
    return name.equals("security.capability")
        || (!name.startsWith("security.") && !name.startsWith("system."));
  }

  /** The digest of an entry that has no content. */
  public Digest digest() {
    return Hashes.digest(start().digest());
  }
}
