package dev.kiln.snapshotter.linux;

import java.io.IOException;
import java.util.List;

/** Mounting by the classic call and by the file descriptor calls of Linux 5.2 and later. */
public final class MountCalls {
  public static final long MS_RDONLY = 1;
  public static final long MS_NOSUID = 2;
  public static final long MS_NODEV = 4;
  public static final long MS_NOEXEC = 8;
  public static final long MS_REMOUNT = 32;
  public static final long MS_NOATIME = 1024;
  public static final long MS_BIND = 4096;
  public static final long MS_REC = 16384;
  public static final long MS_PRIVATE = 1 << 18;
  public static final long MS_SLAVE = 1 << 19;
  public static final long MS_SHARED = 1 << 20;
  public static final long MS_RELATIME = 1 << 21;

  public static final int MNT_FORCE = 1;
  public static final int MNT_DETACH = 2;
  public static final int UMOUNT_NOFOLLOW = 8;

  private static final long SYS_MOVE_MOUNT = 429;
  private static final long SYS_FSOPEN = 430;
  private static final long SYS_FSCONFIG = 431;
  private static final long SYS_FSMOUNT = 432;
  private static final int CLOEXEC = 1;
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;
  private static final long MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final long MOUNT_ATTR_RDONLY = 1;

  private static final CFunction MOUNT = CFunction.givingInt("mount", 5);
  private static final CFunction UMOUNT2 = CFunction.givingInt("umount2", 2);
  private static final CFunction SYSCALL = CFunction.givingLong("syscall", 6);
  private static final CFunction SYSCALL_PATH = CFunction.givingLong("syscall", 3);

  private MountCalls() {}

  /**
   * mount(2).
   *
   * @param flags a sum of MS_ constants
   * @param data options for the file system, comma separated; at most a page (4,096 bytes)
   */
  public static void mount(String source, String target, String type, long flags, String data)
      throws LinuxException {
    Libc.call(
        "mount",
        target,
        (a, s) ->
            MOUNT.call(
                s,
                Libc.path(a, source),
                Libc.path(a, target),
                Libc.path(a, type),
                flags,
                Libc.optionalPath(a, data)));
  }

  /** umount2(2), on a platform thread since it may write back dirty data. */
  public static void unmount(String target, int flags) throws IOException {
    NativeThreads.run(
        () -> Libc.call("umount2", target, (a, s) -> UMOUNT2.call(s, Libc.path(a, target), flags)));
  }

  /** One option of {@link #mountByOptions}: a flag when the value is empty, else a string. */
  public record Option(String key, String value) {}

  /**
   * Mounts by fsopen, fsconfig, fsmount and move_mount: each option has its own call, so that their
   * total length has no limit.
   *
   * @throws LinuxException ENOSYS before Linux 5.2, EINVAL for an option that the kernel lacks
   */
  public static void mountByOptions(
      String type, String target, List<Option> options, boolean readOnly) throws LinuxException {
    try (Fd context = openContext(type)) {
      for (Option option : options) {
        boolean flag = option.value().isEmpty();
        configure(
            context,
            target,
            flag ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING,
            option.key(),
            option.value());
      }
      configure(context, target, FSCONFIG_CMD_CREATE, "", "");
      try (Fd mounted = makeMount(context, target, readOnly ? MOUNT_ATTR_RDONLY : 0)) {
        Libc.call(
            "move_mount",
            target,
            (a, s) ->
                SYSCALL.call(
                    s,
                    SYS_MOVE_MOUNT,
                    mounted.number(),
                    Libc.path(a, ""),
                    Libc.AT_FDCWD,
                    Libc.path(a, target),
                    MOVE_MOUNT_F_EMPTY_PATH));
      }
    }
  }

  private static Fd openContext(String type) throws LinuxException {
    long fd =
        Libc.call(
            "fsopen",
            type,
            (a, s) -> SYSCALL_PATH.call(s, SYS_FSOPEN, Libc.path(a, type), CLOEXEC));
    return Fd.adopt((int) fd, type);
  }

  private static void configure(Fd context, String target, int command, String key, String value)
      throws LinuxException {
    Libc.call(
        "fsconfig",
        target + " " + key,
        (a, s) ->
            SYSCALL.call(
                s,
                SYS_FSCONFIG,
                context.number(),
                command,
                Libc.optionalPath(a, key),
                Libc.optionalPath(a, value),
                0));
  }

  private static Fd makeMount(Fd context, String target, long attributes) throws LinuxException {
    long fd =
        Libc.call(
            "fsmount",
            target,
            (a, s) -> SYSCALL.call(s, SYS_FSMOUNT, context.number(), CLOEXEC, attributes, 0, 0));
    return Fd.adopt((int) fd, target);
  }
}
