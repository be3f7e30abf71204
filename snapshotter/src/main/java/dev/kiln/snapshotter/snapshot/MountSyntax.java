package dev.kiln.snapshotter.snapshot;

import dev.kiln.snapshotter.linux.ByteNames;
import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.MountCalls;
import dev.kiln.snapshotter.linux.MountCalls.Option;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns {@link Mount} values into mount calls. */
final class MountSyntax {
  /** mount(2) takes a page of options; stay below it with room for the terminating NUL. */
  private static final int MAX_DATA_BYTES = 4000;

  private static final Map<String, Long> FLAGS =
      Map.ofEntries(
          Map.entry("ro", MountCalls.MS_RDONLY),
          Map.entry("rw", 0L),
          Map.entry("bind", MountCalls.MS_BIND),
          Map.entry("rbind", MountCalls.MS_BIND | MountCalls.MS_REC),
          Map.entry("nosuid", MountCalls.MS_NOSUID),
          Map.entry("nodev", MountCalls.MS_NODEV),
          Map.entry("noexec", MountCalls.MS_NOEXEC),
          Map.entry("noatime", MountCalls.MS_NOATIME),
          Map.entry("relatime", MountCalls.MS_RELATIME),
          Map.entry("defaults", 0L));

  private MountSyntax() {}

  static void mount(Mount mount, String target) throws IOException {
    long flags = mount.isBind() ? MountCalls.MS_BIND : 0;
    List<String> data = new ArrayList<>();
    for (String option : mount.options()) {
      Long flag = FLAGS.get(option);
      if (flag == null) {
        data.add(option);
      } else {
        flags |= flag;
      }
    }
    String joined = String.join(",", data);
    if (mount.isBind()) {
      bind(mount.source(), target, flags);
    } else if (ByteNames.encode(joined).length <= MAX_DATA_BYTES) {
      MountCalls.mount(mount.source(), target, mount.type(), flags, joined);
    } else {
      mountLong(mount, target, data, (flags & MountCalls.MS_RDONLY) != 0);
    }
  }

  /** A bind mount ignores all flags but MS_REC at first; the others need a remount. */
  private static void bind(String source, String target, long flags) throws IOException {
    long kind = flags & (MountCalls.MS_BIND | MountCalls.MS_REC);
    MountCalls.mount(source, target, "none", kind, "");
    long rest = flags & ~kind;
    if (rest != 0) {
      try {
        MountCalls.mount(
            source, target, "none", MountCalls.MS_REMOUNT | MountCalls.MS_BIND | rest, "");
      } catch (LinuxException e) {
        MountPoint.unmount(target);
        throw e;
      }
    }
  }

  /** Overlay chains beyond a page of options: one call for each lower folder (Linux 6.7). */
  private static void mountLong(Mount mount, String target, List<String> data, boolean readOnly)
      throws IOException {
    List<Option> options = new ArrayList<>();
    options.add(new Option("source", mount.source()));
    for (String option : data) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      if (key.equals("lowerdir")) {
        for (String lower : value.split(":", -1)) {
          options.add(new Option("lowerdir+", lower));
        }
      } else {
        options.add(new Option(key, value));
      }
    }
    try {
      MountCalls.mountByOptions(mount.type(), target, options, readOnly);
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENOSYS && e.errno() != Errno.EINVAL) {
        throw e;
      }
      throw new IOException(
          "could not mount "
              + mount.options().size()
              + " options of "
              + mount.type()
              + " at "
              + target
              + ": "
              + e.getMessage()
              + "; more than a page of options needs Linux 6.7, or at most 500 layers",
          e);
    }
  }

  /** Undoes the octal escapes of mountinfo (proc_pid_mountinfo(5)). */
  static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      if (field.charAt(i) == '\\' && i + 3 < field.length()) {
        out.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        out.append(field.charAt(i));
      }
    }
    return out.toString();
  }
}
