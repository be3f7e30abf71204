package dev.kiln.daemon;

import dev.kiln.daemon.gateway.RandomIds;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** The folder with all state of a daemon, locked against other daemons. */
final class StateFolder implements AutoCloseable {
  private static final String LOCK_FILE = "kilnd.lock";
  private static final String ID_FILE = "workerid";

  /** There as long as the state is as its last daemon closed it. */
  private static final String ORDER_FILE = "closed-in-order";

  private final Path root;
  private final FileChannel channel;

  private final boolean inOrder;

  private StateFolder(Path root, FileChannel channel) throws IOException {
    this.root = root;
    this.channel = channel;
    this.inOrder = Files.deleteIfExists(root.resolve(ORDER_FILE)) || isNew(root);
    sync();
  }

  /** Whether nothing but the lock is there. */
  private static boolean isNew(Path root) throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.allMatch(file -> file.endsWith(LOCK_FILE));
    }
  }

  private void sync() throws IOException {
    try (FileChannel directory = FileChannel.open(root, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /**
   * Whether the last daemon closed everything in order, or there was none, so that nothing needs to
   * be checked.
   */
  boolean isInOrder() {
    return inOrder;
  }

  /** Called last, when everything is closed and on disk: the next start need not check anything. */
  void setInOrder() throws IOException {
    Files.write(root.resolve(ORDER_FILE), new byte[0]);
    sync();
  }

  /**
   * Makes the folder if it is missing and takes its lock.
   *
   * @throws IOException when another daemon holds it, or it cannot be made
   */
  static StateFolder open(Path root) throws IOException {
    Files.createDirectories(root);
    FileChannel channel =
        FileChannel.open(
            root.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new StateFolder(root, channel);
      }
    } catch (OverlappingFileLockException e) {
      // Another daemon of this very process holds it; the answer is the same.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new IOException(
        "could not lock "
            + root.resolve(LOCK_FILE)
            + ": another daemon uses this folder; stop it or choose another --root");
  }

  Path root() {
    return root;
  }

  /** The worker's id, made at the first start. */
  String workerId() throws IOException {
    Path file = root.resolve(ID_FILE);
    if (Files.exists(file)) {
      String id = Files.readString(file).trim();
      if (!id.isEmpty()) {
        return id;
      }
    }
    String id = RandomIds.next();
    Files.writeString(file, id);
    return id;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
