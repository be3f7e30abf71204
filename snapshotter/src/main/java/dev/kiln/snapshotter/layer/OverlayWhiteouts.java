package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;

/**
 * Deletions as overlayfs marks them: device nodes 0/0 and the attribute "opaque". A deletion of
 * what is not below leaves no mark, since overlayfs would list the mark in a folder of this layer
 * alone.
 */
final class OverlayWhiteouts implements WhiteoutForm {
  static final String OPAQUE = "trusted.overlay.opaque";
  static final byte[] YES = {'y'};

  private final RootedFolders.LowerTree lower;
  private final String root;
  private boolean stray;

  OverlayWhiteouts(RootedFolders.LowerTree lower, String root) {
    this.lower = lower;
    this.root = root;
  }

  @Override
  public void whiteout(String name, String path) throws IOException {
    FileStatus there = FileStatus.find(path);
    String below = lower.mounted();
    if (below == null || FileStatus.find(below + "/" + name) == null) {
      stray = true;
    } else if (there == null) {
      NodeCalls.makeNode(path, FileStatus.CHARACTER_DEVICE, 0, 0);
    } else if (there.isDirectory()) {
      // This layer deletes the lower folder and brings one of its own.
      XattrCalls.set(path, OPAQUE, YES);
    }
  }

  @Override
  public boolean stray() {
    return stray;
  }

  @Override
  public void opaque(String name, String path) throws IOException {
    if (!name.isEmpty()) {
      XattrCalls.set(path, OPAQUE, YES);
      return;
    }
    // Overlayfs does not look for the attribute at the root of a layer.
    String below = lower.mounted();
    if (below != null) {
      for (String child : DirectoryEntries.sorted(below)) {
        whiteout(child, root + "/" + child);
      }
    }
  }

  @Override
  public void directoryReplaced(String path) throws IOException {
    XattrCalls.set(path, OPAQUE, YES);
  }

  @Override
  public void unpacked(String name) {}
}
