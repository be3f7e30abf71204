package dev.kiln.wire.socket;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The file of a listening Unix socket: made ready before it is bound, and opened to a group. */
final class UnixSocketFile {
  /** sun_path holds 108 bytes with its terminator (unix(7)). */
  private static final int MAX_PATH_BYTES = 107;

  private UnixSocketFile() {}

  /**
   * Creates the parent folders and removes a socket that nobody listens on.
   *
   * @throws IOException if another process listens there, or something else has that name
   */
  static void prepare(Path path) throws IOException {
    if (path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
      throw new IOException(
          "could not listen on unix://"
              + path
              + ": the path is longer than 107 bytes; choose a shorter one");
    }
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(
            path, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new IOException(
          "could not listen on unix://" + path + ": a file that is not a socket is in the way");
    }
    if (answers(path)) {
      throw new IOException(
          "could not listen on unix://"
              + path
              + ": address in use; stop the daemon that listens there or choose another address");
    }
    Files.deleteIfExists(path);
  }

  /** Lets the owner and, when given, the group with that numeric id connect. */
  static void open(Path path, @Nullable Integer group) throws IOException {
    if (group != null) {
      Files.setAttribute(path, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
  }

  private static boolean answers(Path path) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }
}
