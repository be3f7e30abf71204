package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an overlay upper folder holds besides changes: copies of folders that the kernel made for
 * something that is gone again, and whiteouts. They do no harm over the tree that the folder was
 * made on, but show in a tree made of other layers.
 */
public final class UpperFolder {
  private UpperFolder() {}

  /** Opens the tree below the upper folder when it is needed. */
  @FunctionalInterface
  public interface Below {
    String path() throws IOException;
  }

  /**
   * Whether the folder can be stacked on others than it was made on: no whiteout lies in a folder
   * that is nowhere below, since overlayfs lists such a whiteout; no folder that hides what was
   * below it hides anything else; and no empty folder is a mere copy.
   *
   * @param origin the mounted tree that the folder was made on, null for none
   * @param below upper folders of the layers to stack it on
   */
  public static boolean fits(String upper, @Nullable String origin, List<String> below)
      throws IOException {
    return fits(upper, origin, below, "");
  }

  private static boolean fits(
      String upper, @Nullable String origin, List<String> below, String folder) throws IOException {
    List<String> names = DirectoryEntries.sorted(upper + folder);
    if (names.isEmpty() && !folder.isEmpty() && origin != null && !isBelow(below, folder)) {
      FileStatus before = FileStatus.find(origin + folder);
      return before == null
          || !before.isDirectory()
          || !Sameness.same(origin + folder, before, upper + folder, FileStatus.of(upper + folder));
    }
    boolean alone = !isBelow(below, folder);
    for (String name : names) {
      String path = folder + "/" + name;
      FileStatus status = FileStatus.of(upper + path);
      if (status.isWhiteout() && alone) {
        return false;
      }
      if (status.isDirectory()
          && (hides(upper + path, below, path) || !fits(upper, origin, below, path))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the folder hides more than it was made to hide. */
  private static boolean hides(String folder, List<String> below, String path) throws IOException {
    return isBelow(below, path) && XattrCalls.get(folder, TreeComparison.OPAQUE) != null;
  }

  private static boolean isBelow(List<String> below, String folder) throws IOException {
    for (String layer : below) {
      FileStatus status = FileStatus.find(layer + folder);
      if (status != null && status.isDirectory()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Removes those of the folders, and of the folders they are in, that hold nothing in the upper
   * folder and are otherwise as below. The overlay must not be mounted.
   *
   * @param folders absolute paths inside the tree; those that are not there are passed over
   */
  public static void removeUntouched(String upper, Below below, Collection<String> folders)
      throws IOException {
    TreeSet<String> deepestFirst = new TreeSet<>(Comparator.reverseOrder());
    for (String folder : folders) {
      for (String at = folder; at.length() > 1; at = at.substring(0, at.lastIndexOf('/'))) {
        deepestFirst.add(at);
      }
    }
    for (String folder : deepestFirst) {
      if (isEmptyCopy(upper, folder)) {
        String lower = below.path();
        FileStatus before = FileStatus.find(lower + folder);
        FileStatus copy = FileStatus.of(upper + folder);
        if (before != null
            && before.isDirectory()
            && before.mtimeSeconds() == copy.mtimeSeconds()
            && before.mtimeNanos() == copy.mtimeNanos()
            && Sameness.same(lower + folder, before, upper + folder, copy)) {
          NodeCalls.removeDirectory(upper + folder);
        }
      }
    }
  }

  /** Whether the kernel may have copied the folder and nothing is in the copy. */
  private static boolean isEmptyCopy(String upper, String folder) throws IOException {
    for (int end = folder.indexOf('/', 1); ; end = folder.indexOf('/', end + 1)) {
      String part = upper + (end < 0 ? folder : folder.substring(0, end));
      FileStatus status = FileStatus.find(part);
      if (status == null
          || !status.isDirectory()
          || XattrCalls.get(part, TreeComparison.OPAQUE) != null) {
        return false;
      }
      if (end < 0) {
        return DirectoryEntries.sorted(part).isEmpty();
      }
    }
  }
}
