package dev.kiln.executor.cdi;

import dev.kiln.executor.cdi.ContainerEdits.DeviceNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices that files in some directories describe. Each call looks whether the files have
 * changed, so new devices are there at once. Safe for use by many threads.
 */
public final class CdiDevices {
  private static final Logger LOG = LoggerFactory.getLogger(CdiDevices.class);

  /** No devices. */
  public static final CdiDevices NONE = new CdiDevices(List.of());

  private final List<Path> directories;
  private final ReentrantLock lock = new ReentrantLock();
  private List<Stamp> seen = List.of();
  private Map<String, CdiDevice> devices = Map.of();
  private Map<String, ContainerEdits> commonEdits = Map.of();

  /** A file as it was read; it is read again when anything of this is another. */
  private record Stamp(
      Path path, int priority, @Nullable Object inode, FileTime modified, long sizeBytes) {}

  /**
   * @param directories where a device is described in several, the last one's description is used;
   *     those that do not exist are as good as empty
   */
  public CdiDevices(List<Path> directories) {
    this.directories = List.copyOf(directories);
  }

  /** All devices, by their qualified names in order. */
  public List<CdiDevice> list() {
    lock.lock();
    try {
      refresh();
      return List.copyOf(devices.values());
    } finally {
      lock.unlock();
    }
  }

  /**
   * What a container needs for some devices: first what comes with their files, once for each file.
   *
   * @param names qualified names
   * @throws CdiException when there is no such device, or its node on the host is missing
   */
  public ContainerEdits edits(List<String> names) throws CdiException {
    ContainerEdits all = collect(names);
    List<DeviceNode> nodes = new ArrayList<>();
    for (DeviceNode node : all.deviceNodes()) {
      nodes.add(HostNode.complete(node));
    }
    return all.withDeviceNodes(nodes);
  }

  private ContainerEdits collect(List<String> names) throws CdiException {
    lock.lock();
    try {
      refresh();
      ContainerEdits all = ContainerEdits.NONE;
      Set<String> files = new HashSet<>();
      for (String name : names) {
        CdiDevice device = devices.get(name);
        if (device == null) {
          throw new CdiException("unresolvable CDI device " + name);
        }
        if (files.add(device.file())) {
          all = all.plus(commonEdits.getOrDefault(device.file(), ContainerEdits.NONE));
        }
        all = all.plus(device.edits());
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  private void refresh() {
    List<Stamp> now = scan();
    if (now.equals(seen)) {
      return;
    }
    Map<String, CdiDevice> found = new TreeMap<>();
    Map<String, Integer> priorities = new HashMap<>();
    Map<String, ContainerEdits> common = new HashMap<>();
    Set<String> conflicts = new HashSet<>();
    for (Stamp stamp : now) {
      @Nullable SpecFile file = read(stamp.path());
      if (file == null) {
        continue;
      }
      common.put(stamp.path().toString(), file.edits());
      for (SpecFile.Entry entry : file.devices()) {
        CdiDevice device = CdiDevice.of(file, entry);
        String name = device.qualifiedName();
        @Nullable Integer before = priorities.put(name, stamp.priority());
        @Nullable CdiDevice other = found.put(name, device);
        if (other != null && before != null && before == stamp.priority()) {
          LOG.warn("{} is left out: {} and {} describe it", name, other.file(), device.file());
          conflicts.add(name);
        }
      }
    }
    found.keySet().removeAll(conflicts);
    seen = now;
    devices = found;
    commonEdits = common;
  }

  private static @Nullable SpecFile read(Path path) {
    try {
      return SpecReader.read(path);
    } catch (IOException e) {
      LOG.warn("could not read devices from {}: {}", path, e.getMessage());
      return null;
    }
  }

  private List<Stamp> scan() {
    List<Stamp> stamps = new ArrayList<>();
    for (int priority = 0; priority < directories.size(); priority++) {
      Path directory = directories.get(priority);
      List<Stamp> here = new ArrayList<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{json,yaml}")) {
        for (Path path : files) {
          BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
          if (!file.isDirectory()) {
            here.add(
                new Stamp(path, priority, file.fileKey(), file.lastModifiedTime(), file.size()));
          }
        }
      } catch (NoSuchFileException e) {
        LOG.trace("no devices in {}", directory);
      } catch (IOException e) {
        LOG.debug("could not look for devices in {}: {}", directory, e.getMessage());
      }
      here.sort(Comparator.comparing(Stamp::path));
      stamps.addAll(here);
    }
    return stamps;
  }
}
