package dev.kiln.executor.cdi;

import dev.kiln.executor.cdi.ContainerEdits.DeviceNode;
import dev.kiln.snapshotter.linux.FileStatus;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Completes a device node with what the host's own says. Stateless. */
final class HostNode {
  private static final int PERMISSION_MASK = 0xFFF;

  private HostNode() {}

  /**
   * The node with everything that a container's specification needs.
   *
   * @throws CdiException when the description needs the host's node, and that is missing or of
   *     another type
   */
  static DeviceNode complete(DeviceNode node) throws CdiException {
    boolean described = !node.type().isEmpty() && (node.major() != 0 || node.type().equals("p"));
    String path = node.hostPath().isEmpty() ? node.path() : node.hostPath();
    FileStatus status;
    String type;
    try {
      status = FileStatus.of(path);
      type = type(status);
    } catch (IOException e) {
      if (described) {
        return node;
      }
      throw new CdiException(
          "failed to stat CDI host device \"" + path + "\": " + e.getMessage(), e);
    }
    @Nullable Integer given = node.fileMode();
    int mode = given == null ? status.mode() & PERMISSION_MASK : given;
    if (described) {
      return with(node, node.type(), node.major(), node.minor(), mode);
    }
    if (!node.type().isEmpty() && !node.type().equals(type)) {
      throw new CdiException(
          "CDI device \""
              + node.path()
              + "\" is of type "
              + node.type()
              + ", but \""
              + path
              + "\" on the host is of type "
              + type);
    }
    if (type.equals("p") || node.major() != 0) {
      return with(node, type, node.major(), node.minor(), mode);
    }
    return with(node, type, status.rdevMajor(), status.rdevMinor(), mode);
  }

  private static String type(FileStatus status) throws CdiException {
    return switch (status.mode() & FileStatus.TYPE_MASK) {
      case FileStatus.BLOCK_DEVICE -> "b";
      case FileStatus.CHARACTER_DEVICE -> "c";
      case FileStatus.FIFO -> "p";
      default -> throw new CdiException("it is not a device node");
    };
  }

  private static DeviceNode with(DeviceNode node, String type, long major, long minor, int mode) {
    return new DeviceNode(
        node.path(),
        node.hostPath(),
        type,
        major,
        minor,
        mode,
        node.permissions(),
        node.uid(),
        node.gid());
  }
}
