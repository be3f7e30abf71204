package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.NodeCalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a layer (OCI image-spec, layer.md, Applying Changesets) into a folder, never outside of
 * it. Compression is found out from the stream.
 */
public final class LayerApply {
  private static final int SKIP_BYTES = 64 * 1024;

  /**
   * What came out of a layer.
   *
   * @param diffId digest of the uncompressed stream
   * @param bytes length of the uncompressed stream
   * @param strayDeletions whether an upper folder lacks deletions because nothing was there to
   *     delete; over another tree they would matter
   */
  public record Applied(Digest diffId, long bytes, boolean strayDeletions) {}

  /** Gives the mounted tree on which an upper folder will stand. */
  public interface LowerTree {
    /** The tree's root, or null for none; called at most once, and only when needed. */
    @Nullable Path mount() throws IOException;
  }

  private LayerApply() {}

  /** Unpacks over a complete tree: deletions are carried out. */
  public static Applied toTree(InputStream layer, Path root) throws IOException {
    return apply(layer, root, new DeletingWhiteouts(), () -> null);
  }

  /**
   * Unpacks into the empty upper folder of an overlay: deletions become overlay's marks.
   *
   * @param lower the tree below, from which folders that the layer does not mention take their
   *     attributes
   */
  public static Applied toUpperFolder(InputStream layer, Path upper, LowerTree lower)
      throws IOException {
    RootedFolders.LowerTree once = remembered(lower);
    return apply(layer, upper, new OverlayWhiteouts(once, upper.toString()), once);
  }

  private static RootedFolders.LowerTree remembered(LowerTree lower) {
    return new RootedFolders.LowerTree() {
      private boolean asked;
      private @Nullable Path root;

      @Override
      public @Nullable String mounted() throws IOException {
        if (!asked) {
          root = lower.mount();
          asked = true;
        }
        return root == null ? null : root.toString();
      }
    };
  }

  private static Applied apply(
      InputStream layer, Path root, WhiteoutForm whiteouts, RootedFolders.LowerTree lower)
      throws IOException {
    MessageDigest hash = Digest.newHash("sha256");
    HashedStream stream = new HashedStream(Decompressor.open(layer), hash);
    try (RootedFolders folders = new RootedFolders(root.toRealPath().toString(), lower);
        EntryWriter files = new EntryWriter()) {
      Session session = new Session(folders, files, whiteouts, lower, new TarReader(stream));
      session.run();
    }
    // The digest covers what follows the end mark too.
    byte[] rest = new byte[SKIP_BYTES];
    while (stream.read(rest, 0, rest.length) >= 0) {}
    return new Applied(Digest.finish("sha256", hash), stream.count(), whiteouts.stray());
  }

  /** One layer being unpacked. */
  private static final class Session {
    private final RootedFolders folders;
    private final EntryWriter files;
    private final WhiteoutForm whiteouts;
    private final RootedFolders.LowerTree lower;
    private final TarReader tar;
    private final Map<String, TarEntry> directories = new LinkedHashMap<>();

    Session(
        RootedFolders folders,
        EntryWriter files,
        WhiteoutForm whiteouts,
        RootedFolders.LowerTree lower,
        TarReader tar) {
      this.folders = folders;
      this.files = files;
      this.whiteouts = whiteouts;
      this.lower = lower;
      this.tar = tar;
    }

    void run() throws IOException {
      for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
        String name = RootedFolders.clean(entry.name());
        if (!name.isEmpty()) {
          one(entry, name);
        }
      }
      // Last, since files that came later have changed the folders' times.
      for (var directory : directories.entrySet()) {
        String name = directory.getKey();
        String path = folders.find(parent(name), base(name));
        FileStatus status = path == null ? null : FileStatus.find(path);
        if (path != null && status != null && status.isDirectory()) {
          TarEntry entry = directory.getValue();
          NodeCalls.setBothTimes(path, entry.mtimeSeconds(), entry.mtimeNanos());
        }
      }
    }

    private static String parent(String name) {
      return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    private static String base(String name) {
      return name.substring(name.lastIndexOf('/') + 1);
    }

    private void one(TarEntry entry, String name) throws IOException {
      String folder = parent(name);
      String base = base(name);
      if (base.equals(Whiteouts.OPAQUE)) {
        whiteouts.opaque(folder, folders.make(folder, "."));
        folders.forget();
      } else if (base.startsWith(Whiteouts.META_PREFIX)) {
        return;
      } else if (base.startsWith(Whiteouts.PREFIX)) {
        String hidden = base.substring(Whiteouts.PREFIX.length());
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
          throw new IOException("could not unpack layer: invalid whiteout name " + entry.name());
        }
        whiteouts.whiteout(join(folder, hidden), folders.make(folder, hidden));
        folders.forget();
      } else {
        place(entry, name, folder, base);
      }
    }

    private static String join(String folder, String base) {
      return folder.isEmpty() ? base : folder + "/" + base;
    }

    private void place(TarEntry entry, String name, String folder, String base) throws IOException {
      boolean link = entry.type() == TarEntry.Type.HARD_LINK;
      if (link && RootedFolders.clean(entry.linkName()).equals(name)) {
        return;
      }
      String path = folders.make(folder, base);
      FileStatus there = FileStatus.find(path);
      boolean directory = entry.type() == TarEntry.Type.DIRECTORY;
      boolean replaced = there != null && !(directory && there.isDirectory());
      if (there != null && replaced) {
        FileTree.remove(path);
        if (there.isDirectory()) {
          folders.forget();
          path = folders.make(folder, base);
        }
      }
      files.write(entry, path, link ? linkSource(entry) : "", tar);
      if (directory) {
        directories.put(name, entry);
        if (replaced) {
          whiteouts.directoryReplaced(path);
        }
      }
      whiteouts.unpacked(name);
    }

    /**
     * A path for the first name of a hard link. One that only the tree below has is brought up into
     * the upper folder, as overlay itself would do.
     */
    private String linkSource(TarEntry entry) throws IOException {
      String target = RootedFolders.clean(entry.linkName());
      String found = folders.find(parent(target), base(target));
      FileStatus status = found == null ? null : FileStatus.find(found);
      if (found != null && status != null && !status.isWhiteout()) {
        return found;
      }
      String below = lower.mounted();
      if (below == null) {
        throw new IOException(
            "could not unpack layer: "
                + entry.name()
                + " is a link to "
                + entry.linkName()
                + ", which does not exist");
      }
      String copy = folders.make(parent(target), base(target));
      CopyUp.copy(below, target, copy);
      return copy;
    }
  }
}
