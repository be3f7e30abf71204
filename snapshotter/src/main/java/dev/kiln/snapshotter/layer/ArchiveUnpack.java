package dev.kiln.snapshotter.layer;

import com.github.luben.zstd.ZstdInputStream;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.NodeCalls;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks tar archives that are no layers: files named like a layer's deletions are ordinary files.
 * The archive may be plain or compressed by gzip, bzip2, xz or zstd. Nothing is written outside of
 * the target; symlinks in it are followed as if it were the whole file system.
 */
public final class ArchiveUnpack {
  private static final int BUFFER_BYTES = 128 * 1024;

  private ArchiveUnpack() {}

  /** The owner that all unpacked files get. */
  public record Ids(int uid, int gid) {}

  /** Whether a regular file holds a tar archive: whether its first header can be read. */
  public static boolean isArchive(String path) {
    try (InputStream in = open(path)) {
      return new TarReader(in).next() != null;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static InputStream open(String path) throws IOException {
    BufferedInputStream in =
        new BufferedInputStream(Files.newInputStream(Path.of(path)), BUFFER_BYTES);
    try {
      in.mark(8);
      byte[] start = in.readNBytes(6);
      in.reset();
      if (startsWith(start, 'B', 'Z', 'h')) {
        return new BufferedInputStream(new BZip2CompressorInputStream(in, true), BUFFER_BYTES);
      }
      if (startsWith(start, 0xFD, '7', 'z', 'X', 'Z', 0)) {
        return new XZInputStream(in);
      }
      return switch (Decompressor.detect(start)) {
        case GZIP, ESTARGZ -> new GZIPInputStream(in, BUFFER_BYTES);
        case ZSTD -> new ZstdInputStream(in);
        case UNCOMPRESSED -> in;
      };
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Unpacks.
   *
   * @param target on disk, an existing directory
   * @param owner null keeps the archive's numeric owners
   */
  public static void unpack(String archive, String target, @Nullable Ids owner) throws IOException {
    try (InputStream in = open(archive);
        RootedFolders folders = new RootedFolders(target, () -> null);
        EntryWriter files = new EntryWriter()) {
      TarReader tar = new TarReader(in);
      Map<String, TarEntry> directories = new LinkedHashMap<>();
      for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
        String name = RootedFolders.clean(entry.name());
        boolean self =
            entry.type() == TarEntry.Type.HARD_LINK
                && RootedFolders.clean(entry.linkName()).equals(name);
        if (!name.isEmpty() && !self) {
          TarEntry owned = owner == null ? entry : entry.ownedBy(owner.uid(), owner.gid());
          place(owned, name, folders, files, tar);
          if (entry.type() == TarEntry.Type.DIRECTORY) {
            directories.put(name, entry);
          }
        }
      }
      setTimes(directories, folders);
    }
  }

  private static void place(
      TarEntry entry, String name, RootedFolders folders, EntryWriter files, TarReader tar)
      throws IOException {
    String path = folders.make(folder(name), base(name));
    FileStatus there = FileStatus.find(path);
    boolean merge = there != null && there.isDirectory() && entry.type() == TarEntry.Type.DIRECTORY;
    if (there != null && !merge) {
      FileTree.remove(path);
      if (there.isDirectory()) {
        folders.forget();
        path = folders.make(folder(name), base(name));
      }
    }
    String linkSource = "";
    if (entry.type() == TarEntry.Type.HARD_LINK) {
      String target = RootedFolders.clean(entry.linkName());
      String found = folders.find(folder(target), base(target));
      if (found == null) {
        throw new IOException(
            "could not unpack " + entry.name() + ": its link target " + target + " does not exist");
      }
      linkSource = found;
    }
    files.write(entry, path, linkSource, tar);
  }

  /** Last, since files that came later have changed the folders' times. */
  private static void setTimes(Map<String, TarEntry> directories, RootedFolders folders)
      throws IOException {
    for (var directory : directories.entrySet()) {
      String name = directory.getKey();
      String path = folders.find(folder(name), base(name));
      FileStatus status = path == null ? null : FileStatus.find(path);
      if (path != null && status != null && status.isDirectory()) {
        TarEntry entry = directory.getValue();
        NodeCalls.setBothTimes(path, entry.mtimeSeconds(), entry.mtimeNanos());
      }
    }
  }

  private static String folder(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  private static String base(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
