package dev.kiln.snapshotter.linux;

import java.io.IOException;

/** A Linux call that failed: which call, on which path, with which error number. */
public final class LinuxException extends IOException {
  private final int errno;
  private final String call;
  private final String path;

  public LinuxException(int errno, String call, String path) {
    super(call + " " + path + ": " + Errno.text(errno));
    this.errno = errno;
    this.call = call;
    this.path = path;
  }

  /** The error number; see {@link Errno}. */
  public int errno() {
    return errno;
  }

  /** The call's name, such as {@code mount}. */
  public String call() {
    return call;
  }

  /** The path that the call was about; may be empty. */
  public String path() {
    return path;
  }

  /** Whether the path does not exist (ENOENT, or ENOTDIR somewhere on the way). */
  public boolean notFound() {
    return errno == Errno.ENOENT || errno == Errno.ENOTDIR;
  }
}
