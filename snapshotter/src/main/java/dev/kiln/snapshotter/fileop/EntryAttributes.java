package dev.kiln.snapshotter.fileop;

import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileCalls;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives copies their owner, mode, attributes and times: the source's, or what was asked for. */
final class EntryAttributes {
  private static final Logger LOG = LoggerFactory.getLogger(EntryAttributes.class);
  private static final int PERMISSIONS = 07777;

  private final @Nullable Owner owner;
  private final @Nullable Integer mode;
  private final @Nullable ModeChange modeChange;
  private final @Nullable Instant timestamp;

  EntryAttributes(CopyAction action) {
    owner = action.owner();
    String text = action.modeText();
    modeChange = text == null || text.isEmpty() ? null : ModeChange.parse(text);
    mode = modeChange == null ? action.mode() : null;
    timestamp = action.timestamp();
  }

  /** For parents of the destination that have to be made. */
  DirectoryMaker directoryMaker() {
    return new DirectoryMaker(mode == null ? 0755 : mode & 0777, owner, timestamp);
  }

  private int uid(FileStatus source) {
    return owner == null ? source.uid() : owner.uid();
  }

  private int gid(FileStatus source) {
    return owner == null ? source.gid() : owner.gid();
  }

  private int permissions(FileStatus source) {
    if (modeChange != null) {
      return modeChange.apply(source.permissions(), source.isDirectory());
    }
    return mode == null ? source.permissions() : mode & PERMISSIONS;
  }

  private Instant time(FileStatus source) {
    return timestamp == null
        ? Instant.ofEpochSecond(source.mtimeSeconds(), source.mtimeNanos())
        : timestamp;
  }

  /** All attributes for an entry of any kind, by path. */
  void apply(String source, String target, FileStatus status) throws LinuxException {
    // The owner first: changing it clears set-id bits and capabilities.
    NodeCalls.setOwner(target, uid(status), gid(status));
    if (!status.isSymlink()) {
      NodeCalls.setPermissions(target, permissions(status));
    }
    copyXattrs(source, target);
    applyTimes(target, status);
  }

  /** All attributes for a regular file that is still open. */
  void apply(Fd source, Fd target, FileStatus status) throws LinuxException {
    FileCalls.setOwner(target, uid(status), gid(status));
    target.setPermissions(permissions(status));
    if (FileCalls.hasXattrs(source)) {
      copyXattrs(source.toString(), target.toString());
    }
    Instant time = time(status);
    FileCalls.setBothTimes(target, time.getEpochSecond(), time.getNano());
  }

  void applyTimes(String target, FileStatus status) throws LinuxException {
    Instant time = time(status);
    NodeCalls.setBothTimes(target, time.getEpochSecond(), time.getNano());
  }

  private static void copyXattrs(String source, String target) {
    try {
      for (String name : XattrCalls.list(source)) {
        copyXattr(source, target, name);
      }
    } catch (LinuxException e) {
      LOG.warn("could not read extended attributes: {}", e.getMessage());
    }
  }

  private static void copyXattr(String source, String target, String name) {
    try {
      byte[] value = XattrCalls.get(source, name);
      if (value != null) {
        XattrCalls.set(target, name, value);
      }
    } catch (LinuxException e) {
      // Many file systems lack some kind of attribute; a build does not fail over that.
      LOG.warn("could not copy extended attribute {}: {}", name, e.getMessage());
    }
  }
}
