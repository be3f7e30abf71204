package dev.kiln.executor.process;

import dev.kiln.snapshotter.linux.CFunction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that is started from a sealed copy in memory (memfd_create(2)). runc does not trust its
 * own file, which a container could change (CVE-2019-5736), and copies or mounts it anew for each
 * container, unless it finds itself in a file that nobody can change any more. The copy is renewed
 * when the file has changed. Thread-safe.
 */
public final class SealedProgram implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SealedProgram.class);
  private static final CFunction MEMFD_CREATE = CFunction.givingInt("memfd_create", 2);
  private static final CFunction FCNTL = CFunction.givingInt("fcntl", 3);
  private static final int CLOEXEC_ALLOW_SEALING = 0x1 | 0x2;
  private static final int EXEC = 0x10; // known to Linux 6.3 and later
  private static final int F_ADD_SEALS = 1033;
  private static final int SEAL_SEAL_SHRINK_GROW_WRITE = 0x1 | 0x2 | 0x4 | 0x8;
  private static final byte[] ELF = {0x7F, 'E', 'L', 'F'};
  private static final int CHUNK_BYTES = 1 << 20;
  private static final Path SELINUX = Path.of("/sys/fs/selinux/enforce");

  private final Path file;
  private final Path link;
  private @Nullable Version version;
  private @Nullable Descriptor copy;

  /** Someone may be about to start the copy before this one. */
  private @Nullable Descriptor former;

  private record Version(@Nullable Object key, long size, FileTime changed) {}

  /**
   * Does nothing yet.
   *
   * @param file the program's absolute path
   * @param link where a symbolic link to the copy is kept; its last name is what lists of processes
   *     show
   */
  public SealedProgram(Path file, Path link) {
    this.file = file;
    this.link = link;
  }

  /**
   * What to start now: the link to the copy, or the file itself where there can be no copy. The
   * answer holds until the program's file has changed twice or this is closed.
   */
  public synchronized Path path() {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      var found = new Version(now.fileKey(), now.size(), now.lastModifiedTime());
      if (!found.equals(version)) {
        close(former);
        former = copy;
        version = found;
        copy = null;
        copy = copyOf(file);
        linkTo(copy);
      }
    } catch (IOException e) {
      close(copy);
      copy = null;
      LOG.info("{} is started from its file: {}", file, e.getMessage());
    }
    return copy == null ? file : link;
  }

  private void linkTo(@Nullable Descriptor target) throws IOException {
    if (target != null) {
      Path fresh = link.resolveSibling(link.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      String name = "/proc/" + ProcessHandle.current().pid() + "/fd/" + target.number();
      Files.createSymbolicLink(fresh, Path.of(name));
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
      if (!Files.isExecutable(link)) {
        // The sysctl vm.memfd_noexec says so, or this process is not found under its own /proc.
        throw new IOException("a copy in memory cannot be started here");
      }
    }
  }

  /** None for scripts, whose interpreter wants a path, and where labels of files decide rights. */
  private static @Nullable Descriptor copyOf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(ELF.length);
      if (Files.exists(SELINUX) || !Arrays.equals(start, ELF)) {
        return null;
      }
      return seal(
          String.valueOf(file.getFileName()),
          new SequenceInputStream(new ByteArrayInputStream(start), in));
    }
  }

  private static Descriptor seal(String name, InputStream content) throws IOException {
    var copy = new Descriptor(create(name));
    try {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count; (count = content.readNBytes(chunk, 0, chunk.length)) > 0; ) {
        copy.write(chunk, count);
      }
      Native.call(
          "fcntl",
          (a, s) -> FCNTL.call(s, copy.number(), F_ADD_SEALS, SEAL_SEAL_SHRINK_GROW_WRITE));
      return copy;
    } catch (IOException e) {
      copy.close();
      throw e;
    }
  }

  private static int create(String name) throws IOException {
    try {
      return create(name, CLOEXEC_ALLOW_SEALING | EXEC);
    } catch (Native.CallException e) {
      if (e.errno != Native.EINVAL) {
        throw e;
      }
      return create(name, CLOEXEC_ALLOW_SEALING);
    }
  }

  private static int create(String name, int flags) throws IOException {
    return (int)
        Native.call(
            "memfd_create", (a, s) -> MEMFD_CREATE.call(s, Native.text(a, name).address(), flags));
  }

  /** Gives the memory back; a program that runs keeps it until its end. */
  @Override
  public synchronized void close() {
    close(copy);
    close(former);
    copy = null;
    former = null;
    version = null;
  }

  private static void close(@Nullable Descriptor descriptor) {
    if (descriptor != null) {
      descriptor.close();
    }
  }
}
