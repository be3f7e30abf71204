package dev.kiln.compare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A path of an image's file system.
 *
 * @param kind {@code file}, {@code folder}, {@code link}, {@code hard link}, or the name of another
 *     kind
 * @param mode permission bits with set-id and sticky bits
 * @param digest of the content, empty without
 * @param target of links, empty without
 * @param device numbers of devices, empty without
 * @param xattrs extended attributes, values as text
 */
record TreeEntry(
    String path,
    String kind,
    int mode,
    long user,
    long group,
    long size,
    String digest,
    String target,
    String device,
    Map<String, String> xattrs,
    Instant time) {

  /** Times before it were inherited or pinned: no build of today makes them. */
  private static final Instant INHERITED = Instant.parse("2020-01-01T00:00:00Z");

  /**
   * What the entry of one daemon and that of another do not have in common, in words. A folder that
   * keeps its source's time here does not differ from one that got the time of the build there:
   * BuildKit's folders do so above what {@code --parents} copies, and wherever it had the folder
   * from the context of an earlier build and put a file into it.
   */
  List<String> differences(TreeEntry other) {
    List<String> all = new ArrayList<>();
    add(all, "kind", kind, other.kind);
    add(all, "mode", Integer.toOctalString(mode), Integer.toOctalString(other.mode));
    add(all, "owner", user + ":" + group, other.user + ":" + other.group);
    add(all, "size", size, other.size);
    add(all, "content", digest, other.digest);
    add(all, "target", target, other.target);
    add(all, "device", device, other.device);
    add(all, "xattrs", xattrs, other.xattrs);
    boolean keptHereOnly = kind.equals("folder") && inherited(time) && !inherited(other.time);
    if ((inherited(time) || inherited(other.time)) && !keptHereOnly) {
      add(all, "time", time, other.time);
    }
    return all;
  }

  /** Whether a time tells more than when the build ran. */
  static boolean inherited(Instant time) {
    return time.isBefore(INHERITED);
  }

  private static void add(List<String> all, String name, Object own, Object others) {
    if (!own.equals(others)) {
      all.add(name + " " + own + " | " + others);
    }
  }
}
