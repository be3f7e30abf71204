package dev.kiln.dockerfile.llb;

import com.google.protobuf.ByteString;
import dev.kiln.solver.pb.FileActionCopy;
import org.jspecify.annotations.Nullable;

/** One change to the files of a state. Relative paths stand on the state's working directory. */
public sealed interface FileAction {

  /** Value of a time stamp that is not set. */
  long NO_TIME = -1;

  /** Keeps the modes of what is copied. */
  int KEEP_MODE = -1;

  /**
   * Copies from another state.
   *
   * @param source path in the other state; relative paths stand on that state's working directory
   * @param destination path in this state; a slash at its end says that it is a directory
   * @param flags how to copy; source, destination, owner and time stamp of this message are not
   *     read
   */
  record Copy(
      State from, String source, String destination, @Nullable Owner owner, FileActionCopy flags)
      implements FileAction {}

  /**
   * Writes a file.
   *
   * @param mode permission bits
   */
  record MkFile(String path, int mode, ByteString data) implements FileAction {}

  /**
   * Makes a directory.
   *
   * @param mode permission bits
   * @param parents true if missing parents shall be made too
   * @param timeNanos creation time since the epoch, or {@link #NO_TIME}
   */
  record MkDir(String path, int mode, boolean parents, @Nullable Owner owner, long timeNanos)
      implements FileAction {}

  /** Removes a path and all below it. */
  record Remove(String path, boolean allowNotFound, boolean allowWildcard) implements FileAction {}

  /** Makes a symbolic link. */
  record Symlink(String target, String path) implements FileAction {}
}
