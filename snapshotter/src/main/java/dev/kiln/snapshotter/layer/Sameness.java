package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * When a file counts as unchanged: mode, owner, device numbers and capabilities are equal, and for
 * other than folders also size and modification time. Times in whole seconds on both sides may have
 * been cut by an archive, so that contents decide then. These are the rules that containerd's
 * walking differ follows, so that layers hold the same files as with other builders.
 */
final class Sameness {
  static final String CAPABILITY = "security.capability";
  private static final int CHUNK_BYTES = 64 * 1024;

  private Sameness() {}

  static boolean same(String a, FileStatus sa, String b, FileStatus sb) throws LinuxException {
    if (sa.sameFile(sb)) {
      return true;
    }
    boolean attributes =
        sa.mode() == sb.mode()
            && sa.uid() == sb.uid()
            && sa.gid() == sb.gid()
            && sa.rdevMajor() == sb.rdevMajor()
            && sa.rdevMinor() == sb.rdevMinor()
            && sameCapability(a, b, sa);
    if (!attributes || sa.isDirectory()) {
      return attributes;
    }
    if (sa.size() != sb.size()
        || sa.mtimeSeconds() != sb.mtimeSeconds()
        || sa.mtimeNanos() != sb.mtimeNanos()) {
      return false;
    }
    return sa.mtimeNanos() != 0 || sameContent(a, b, sa);
  }

  private static boolean sameCapability(String a, String b, FileStatus status)
      throws LinuxException {
    return !status.isRegular()
        || Arrays.equals(XattrCalls.get(a, CAPABILITY), XattrCalls.get(b, CAPABILITY));
  }

  private static boolean sameContent(String a, String b, FileStatus status) throws LinuxException {
    if (status.isSymlink()) {
      return NodeCalls.readLink(a).equals(NodeCalls.readLink(b));
    }
    if (!status.isRegular() || status.size() == 0) {
      return true;
    }
    try (Arena arena = Arena.ofConfined();
        Fd fa = Fd.open(a, Fd.O_RDONLY | Fd.O_NOFOLLOW, 0);
        Fd fb = Fd.open(b, Fd.O_RDONLY | Fd.O_NOFOLLOW, 0)) {
      MemorySegment ba = arena.allocate(CHUNK_BYTES);
      MemorySegment bb = arena.allocate(CHUNK_BYTES);
      while (true) {
        int na = fill(fa, ba);
        int nb = fill(fb, bb);
        if (na != nb || ba.asSlice(0, na).mismatch(bb.asSlice(0, nb)) >= 0) {
          return false;
        }
        if (na < CHUNK_BYTES) {
          return true;
        }
      }
    }
  }

  private static int fill(Fd fd, MemorySegment buffer) throws LinuxException {
    int done = 0;
    while (done < CHUNK_BYTES) {
      int n = fd.read(buffer.asSlice(done), CHUNK_BYTES - done);
      if (n == 0) {
        break;
      }
      done += n;
    }
    return done;
  }
}
