package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.pattern.GoPathMatch;
import dev.kiln.wire.fsutil.Stat;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads single files and folders of a mounted tree for frontends (gateway.md, section 3). */
public final class TreeFiles {
  /** What one answer may carry; the wire's message limit is the same. */
  private static final int MAX_BYTES = 16 << 20;

  private TreeFiles() {}

  /** The error for a file of the empty tree. */
  public static StatusRuntimeException emptyTree(String id) {
    return Status.UNKNOWN.withDescription("empty ref: " + id).asRuntimeException();
  }

  /**
   * Reads a file or a part of it.
   *
   * @param length number of bytes at most, negative for all
   * @throws IOException {@code open <path>: no such file or directory}, or the file is no regular
   *     one or too large
   */
  public static byte[] readFile(Path root, String name, long offset, long length)
      throws IOException {
    Path file = find(root, name, "open");
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(name + " is not a regular file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long available = Math.max(0, channel.size() - offset);
      long wanted = length < 0 ? available : Math.min(length, available);
      if (wanted > MAX_BYTES) {
        throw new IOException(
            "could not read "
                + name
                + ": "
                + wanted
                + " bytes are more than fit into one answer;"
                + " ask for ranges of at most "
                + MAX_BYTES);
      }
      ByteBuffer buffer = ByteBuffer.allocate((int) wanted);
      while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
        // Short reads are continued.
      }
      return buffer.position() == buffer.capacity()
          ? buffer.array()
          : java.util.Arrays.copyOf(buffer.array(), buffer.position());
    }
  }

  /**
   * Lists one folder, sorted by name.
   *
   * @param pattern names to list, as Go's path match; empty for all
   */
  public static List<Stat> readDir(Path root, String name, String pattern) throws IOException {
    Path folder = find(root, name, "open");
    List<Stat> entries = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        String base = child.getFileName().toString();
        if (pattern.isEmpty() || GoPathMatch.matches(pattern, base)) {
          entries.add(GoStat.of(child.toString(), base));
        }
      }
    }
    entries.sort(Comparator.comparing(Stat::getPath));
    return entries;
  }

  /** What is known of one file; a link at the end is followed. */
  public static Stat stat(Path root, String name) throws IOException {
    Path file = find(root, name, "lstat");
    String clean = Path.of("/").resolve(name).normalize().toString();
    String base = clean.equals("/") ? "/" : clean.substring(clean.lastIndexOf('/') + 1);
    return GoStat.of(file.toString(), base);
  }

  private static Path find(Path root, String name, String verb) throws IOException {
    try {
      return RootedPath.resolve(root, name);
    } catch (NoSuchFileException e) {
      throw new NoSuchFile(verb + " " + name + ": no such file or directory", e);
    }
  }

  /** A file that is not there, in the words that clients match. */
  public static final class NoSuchFile extends IOException {
    NoSuchFile(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
