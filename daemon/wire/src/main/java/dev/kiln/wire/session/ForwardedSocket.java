package dev.kiln.wire.session;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Unix socket in a private folder, each connection to which is forwarded: an SSH mount's socket.
 * Closing it ends open connections and removes the folder. Thread-safe.
 */
public final class ForwardedSocket implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ForwardedSocket.class);

  private final Path folder;
  private final Path path;
  private final ServerSocketChannel listener;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

  private ForwardedSocket(Path folder, ServerSocketChannel listener) {
    this.folder = folder;
    this.path = folder.resolve("ssh_auth_sock");
    this.listener = listener;
  }

  /** Serves one connection until it has ended, and closes it. */
  @FunctionalInterface
  public interface Forward {
    void run(SocketChannel connection) throws IOException;
  }

  /**
   * Listens on a new socket.
   *
   * @param parent a folder in which the socket's own folder is made
   * @param uid owner of the socket
   * @param gid group of the socket
   * @param mode permission bits of the socket, masked with 0777
   */
  public static ForwardedSocket open(Path parent, int uid, int gid, int mode, Forward forward)
      throws IOException {
    Path folder = Files.createTempDirectory(parent, "ssh");
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    ForwardedSocket socket = new ForwardedSocket(folder, listener);
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      listener.bind(UnixDomainSocketAddress.of(socket.path));
      Files.setAttribute(socket.path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(socket.path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      Files.setPosixFilePermissions(socket.path, permissions(mode & 0777));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    Thread.ofVirtual().name("kiln-ssh-accept").start(() -> socket.accept(forward));
    return socket;
  }

  /** Where the socket is. */
  public Path path() {
    return path;
  }

  private void accept(Forward forward) {
    try {
      while (true) {
        SocketChannel connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().name("kiln-ssh").start(() -> serve(forward, connection));
      }
    } catch (IOException e) {
      log.debug("no more connections to {}", path, e);
    }
  }

  private void serve(Forward forward, SocketChannel connection) {
    try (connection) {
      forward.run(connection);
    } catch (IOException | RuntimeException e) {
      log.debug("a connection to {} failed", path, e);
    } finally {
      connections.remove(connection);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
    Files.deleteIfExists(path);
    Files.deleteIfExists(folder);
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    PosixFilePermission[] order = {
      PosixFilePermission.OTHERS_EXECUTE,
      PosixFilePermission.OTHERS_WRITE,
      PosixFilePermission.OTHERS_READ,
      PosixFilePermission.GROUP_EXECUTE,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.GROUP_READ,
      PosixFilePermission.OWNER_EXECUTE,
      PosixFilePermission.OWNER_WRITE,
      PosixFilePermission.OWNER_READ,
    };
    Set<PosixFilePermission> found = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < order.length; bit++) {
      if ((mode >> bit & 1) != 0) {
        found.add(order[bit]);
      }
    }
    return found;
  }
}
