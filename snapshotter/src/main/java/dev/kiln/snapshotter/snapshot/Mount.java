package dev.kiln.snapshotter.snapshot;

import java.util.List;

/**
 * One mount as fstab(5) would say it.
 *
 * @param type {@code bind}, {@code overlay}, {@code tmpfs} or another file system
 * @param source a path for bind mounts, else a name
 * @param options such as {@code ro}, {@code rbind}, {@code lowerdir=/a:/b}; unmodifiable. An
 *     overlay mount may have more lower folders than mount(2) can take: mount it with {@link
 *     MountPoint}
 */
public record Mount(String type, String source, List<String> options) {
  public Mount {
    options = List.copyOf(options);
  }

  /** A recursive bind mount of a path. */
  public static Mount bind(String source, boolean readOnly) {
    return new Mount("bind", source, List.of("rbind", readOnly ? "ro" : "rw"));
  }

  public boolean isBind() {
    return type.equals("bind") || options.contains("bind") || options.contains("rbind");
  }

  /** Whether writes are refused: {@code ro}, or an overlay without upper folder. */
  public boolean isReadOnly() {
    if (options.contains("ro")) {
      return true;
    }
    return type.equals("overlay") && options.stream().noneMatch(o -> o.startsWith("upperdir="));
  }

  /** The same mount, refusing writes. */
  public Mount readOnly() {
    if (options.contains("ro")) {
      return this;
    }
    var changed = new java.util.ArrayList<>(options);
    changed.remove("rw");
    changed.add("ro");
    return new Mount(type, source, changed);
  }
}
