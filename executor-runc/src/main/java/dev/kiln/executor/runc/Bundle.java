package dev.kiln.executor.runc;

import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.MountSource.Mounted;
import dev.kiln.executor.NetworkMode;
import dev.kiln.executor.OpMount;
import dev.kiln.executor.SetupException;
import dev.kiln.executor.network.NetworkNamespace;
import dev.kiln.executor.oci.RuntimeSpec;
import dev.kiln.executor.oci.RuntimeSpec.User;
import dev.kiln.executor.oci.SpecInput;
import dev.kiln.executor.oci.SpecWriter;
import dev.kiln.executor.rootfs.MountStubs;
import dev.kiln.executor.rootfs.NameResolutionFiles;
import dev.kiln.executor.rootfs.WorkingDirectory;
import dev.kiln.snapshotter.fileop.ExecUser;
import dev.kiln.snapshotter.fileop.UserLookup;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A container made ready for the runtime: its root mounted in a folder of its own, beside its
 * specification. Closing it unmounts all that was mounted; the folder is left to {@link Remover}.
 * For one thread.
 */
final class Bundle implements AutoCloseable {
  private final Path folder;
  private final Path rootfs;
  private final Cleanup cleanup = new Cleanup();
  private final RuntimeSpec spec;
  private final byte[] json;

  /** What bundles of one executor share. */
  record Shared(
      ExecutorOptions options, Path bundles, SpecWriter writer, NameResolutionFiles names) {
    /** Where a container's bundle is. */
    Path folder(String id) {
      return bundles.resolve(id);
    }
  }

  /**
   * Makes a bundle.
   *
   * @param waiting whether the runtime waits in its folder already, and is to be handed the
   *     specification
   * @throws SetupException with all unmounted that was mounted
   */
  Bundle(
      Shared shared,
      ContainerSpec container,
      NetworkNamespace network,
      SpecInput.Terminal terminal,
      boolean waiting)
      throws SetupException {
    folder = shared.folder(container.id());
    rootfs = folder.resolve("rootfs");
    try {
      if (!waiting) {
        Files.createDirectory(folder);
      }
      Files.createDirectory(rootfs);
      mountRoot(container);
      spec = prepare(shared, container, network, terminal);
      json = SpecWriter.json(spec);
      if (!waiting) {
        Files.write(folder.resolve("config.json"), json);
      }
    } catch (IOException | RuntimeException e) {
      cleanup.close();
      throw new SetupException(String.valueOf(e.getMessage()), e);
    }
  }

  private void mountRoot(ContainerSpec container) throws IOException {
    // Stubs for mounts are made in a read-only root as well, so it is the runtime that protects it.
    Mounted mounted = container.root().open(false);
    cleanup.add("release the root", mounted.release()::close);
    MountPoint point = MountPoint.at(mounted.mounts(), rootfs);
    cleanup.add("unmount " + rootfs, point::close);
    MountStubs stubs =
        MountStubs.before(
            rootfs,
            container.mounts().stream().map(OpMount::destination).toList(),
            container.removeMountStubsRecursive());
    cleanup.add("remove mount points", stubs::remove);
  }

  private RuntimeSpec prepare(
      Shared shared, ContainerSpec container, NetworkNamespace network, SpecInput.Terminal terminal)
      throws IOException {
    User user = user(container.process().user());
    OpMounts mounts = new OpMounts(container.mounts(), folder);
    cleanup.add("release mounts", mounts::close);
    WorkingDirectory.ensure(rootfs, container.process().cwd(), user.uid(), user.gid());
    NetworkMode mode = container.network();
    String parent =
        container.cgroupParent().isEmpty()
            ? shared.options.cgroupParent()
            : container.cgroupParent();
    return shared.writer.container(
        new SpecInput(
            container,
            rootfs,
            user,
            mounts.entries(),
            shared.names.resolvConf(mode),
            shared.names.hosts(container, folder),
            Cgroups.path(parent, container.id()),
            network.attachment(),
            terminal,
            shared.options.devices().edits(container.cdiDevices()),
            shared.options.spec()));
  }

  /** Looks up a user in the container's root; the group counts among the groups. */
  User user(String text) throws IOException {
    ExecUser found = UserLookup.of(rootfs).resolve(text);
    List<Integer> groups = new ArrayList<>(found.supplementaryGroups());
    if (!groups.contains(found.gid())) {
      groups.addFirst(found.gid());
    }
    return new User(found.uid(), found.gid(), groups);
  }

  Path folder() {
    return folder;
  }

  /** The specification's text. */
  byte[] json() {
    return json;
  }

  RuntimeSpec spec() {
    return spec;
  }

  /**
   * Removes a bundle's folder, whose mounts must be gone: only files and empty folders go, so that
   * a mount that is still there is never emptied.
   */
  static void removeFolder(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return; // it could not even be made
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        Files.delete(child);
      }
    }
    Files.delete(folder);
  }

  @Override
  public void close() {
    cleanup.close();
  }
}
