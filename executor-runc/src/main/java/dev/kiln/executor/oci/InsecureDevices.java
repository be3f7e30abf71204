package dev.kiln.executor.oci;

import dev.kiln.executor.oci.RuntimeSpec.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Device nodes that an insecure container gets besides the standard ones. */
final class InsecureDevices {
  private static final int LOOPS_BEYOND_FREE = 7;
  private static final int MAX_LOOPS = 256;

  private InsecureDevices() {}

  static List<Device> list(Path sysBlock) {
    List<Device> devices = new ArrayList<>();
    devices.add(character("/dev/kmsg", 1, 11));
    devices.add(character("/dev/cuse", 10, 203));
    devices.add(character("/dev/fuse", 10, 229));
    devices.add(character("/dev/kvm", 10, 232));
    devices.add(character("/dev/net/tun", 10, 200));
    devices.add(character("/dev/loop-control", 10, 237));
    int last = firstFreeLoop(sysBlock) + LOOPS_BEYOND_FREE;
    for (int i = 0; i <= last; i++) {
      devices.add(new Device("/dev/loop" + i, "b", 7, i, null, null, null));
    }
    return devices;
  }

  private static Device character(String path, int major, int minor) {
    return new Device(path, "c", major, minor, null, null, null);
  }

  /** A loop device has a backing file as long as it is in use. */
  private static int firstFreeLoop(Path sysBlock) {
    int index = 0;
    while (index < MAX_LOOPS
        && Files.exists(sysBlock.resolve("loop" + index + "/loop/backing_file"))) {
      index++;
    }
    return index;
  }
}
