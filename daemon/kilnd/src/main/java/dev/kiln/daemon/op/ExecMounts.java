package dev.kiln.daemon.op;

import dev.kiln.daemon.failure.KeptTrees;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.executor.MountSource;
import dev.kiln.executor.OpMount;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.MutableRef;
import dev.kiln.snapshotter.ref.RefMount;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.snapshotter.snapshot.Mount;
import dev.kiln.solver.pb.MountType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The mounts of one run of an exec op or of a frontend's container: opens the trees that it reads
 * and writes, and turns the written ones into results. For one thread; must be closed.
 */
public final class ExecMounts implements AutoCloseable {
  private final RefStore refs;
  private final CacheMounts cacheMounts;
  private final SessionMounts sessionMounts;
  private final String command;
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final Map<Integer, MutableRef> written = new TreeMap<>();
  private final Map<Integer, RefResult> passed = new TreeMap<>();
  private final List<OpMount> mounts = new ArrayList<>();
  private final Map<String, MutableRef> caches = new HashMap<>();
  private final Map<Integer, MountSource> sources = new TreeMap<>();
  private final Map<Integer, MutableRef> writable = new TreeMap<>();
  private final List<@Nullable ImmutableRef> given = new ArrayList<>();
  private @Nullable MountSource root;
  private boolean rootReadonly;

  /**
   * @param command the args joined by spaces, for descriptions
   */
  public ExecMounts(
      RefStore refs, CacheMounts cacheMounts, SessionMounts sessionMounts, String command) {
    this.refs = refs;
    this.cacheMounts = cacheMounts;
    this.sessionMounts = sessionMounts;
    this.command = command;
  }

  /**
   * Opens all mounts.
   *
   * @param inputs trees of the op's inputs, null where empty; they stay the caller's
   * @param cwd base of relative destinations
   */
  public void open(
      List<dev.kiln.solver.pb.Mount> wanted, List<@Nullable ImmutableRef> inputs, String cwd)
      throws IOException, InterruptedException {
    for (dev.kiln.solver.pb.Mount mount : wanted) {
      @Nullable ImmutableRef input = inputOf(mount, inputs);
      given.add(input);
      switch (mount.getMountType()) {
        case BIND -> bind(mount, input, cwd);
        case CACHE -> cache(mount, input, cwd);
        case TMPFS -> tmpfs(mount, cwd);
        case SECRET ->
            sessionMounts.secret(mount).ifPresent(source -> add(mount, source, true, cwd));
        case SSH -> sessionMounts.ssh(mount).ifPresent(source -> add(mount, source, true, cwd));
        case UNRECOGNIZED ->
            throw new IOException("unsupported mount type " + mount.getMountTypeValue());
      }
    }
  }

  private static @Nullable ImmutableRef inputOf(
      dev.kiln.solver.pb.Mount mount, List<@Nullable ImmutableRef> inputs) throws IOException {
    if (mount.getMountType() == MountType.SECRET
        || mount.getMountType() == MountType.SSH
        || mount.getMountType() == MountType.TMPFS
        || mount.getInput() < 0) {
      return null;
    }
    if (mount.getInput() >= inputs.size()) {
      throw new IOException("missing input " + mount.getInput());
    }
    return inputs.get((int) mount.getInput());
  }

  private void bind(dev.kiln.solver.pb.Mount mount, @Nullable ImmutableRef input, String cwd)
      throws IOException {
    boolean isRoot = isRoot(mount.getDest());
    boolean readonly = mount.getReadonly();
    if (readonly && !isRoot && mount.getOutput() >= 0) {
      passed.put((int) mount.getOutput(), new RefResult(input == null ? null : input.retain()));
    }
    if (readonly && !isRoot) {
      if (input != null) {
        add(mount, sourceOf(input), true, cwd);
        return;
      }
      MutableRef empty = scratch(mount);
      add(mount, sourceOf(empty), true, cwd);
      return;
    }
    MutableRef tree = refs.newMutable(input, options(mount));
    writable.put(given.size() - 1, tree);
    if (mount.getOutput() >= 0 && !readonly) {
      written.put((int) mount.getOutput(), tree);
    } else {
      if (mount.getOutput() >= 0) {
        passed.put((int) mount.getOutput(), new RefResult(input == null ? null : input.retain()));
      }
      toClose.add(tree);
    }
    if (isRoot) {
      root = sourceOf(tree);
      rootReadonly = readonly;
      sources.put(given.size() - 1, root);
    } else {
      add(mount, sourceOf(tree), false, cwd);
    }
  }

  private MutableRef scratch(dev.kiln.solver.pb.Mount mount) throws IOException {
    MutableRef empty = refs.newMutable(null, options(mount));
    writable.put(given.size() - 1, empty);
    toClose.add(empty);
    return empty;
  }

  private RefOptions options(dev.kiln.solver.pb.Mount mount) {
    return RefOptions.described("mount " + mount.getDest() + " from exec " + command);
  }

  private void cache(dev.kiln.solver.pb.Mount mount, @Nullable ImmutableRef input, String cwd)
      throws IOException, InterruptedException {
    if (!mount.hasCacheOpt()) {
      throw new IOException("missing cache mount options");
    }
    String id = mount.getCacheOpt().getID();
    String description = "cached mount " + mount.getDest() + " from exec " + command;
    if (!id.isEmpty()) {
      description += " with id \"" + id + "\"";
    }
    String name = id.isEmpty() ? mount.getDest() : id;
    // A step that mounts one directory twice must not wait for itself, nor get two of them.
    String key = input == null ? name : name + ":" + input.id();
    MutableRef directory = caches.get(key);
    if (directory == null) {
      CacheMounts.Lease lease =
          cacheMounts.acquire(name, input, mount.getCacheOpt().getSharing(), description);
      toClose.add(lease);
      directory = lease.ref();
      caches.put(key, directory);
    }
    if (mount.getOutput() >= 0) {
      passed.put((int) mount.getOutput(), RefResult.scratch());
    }
    add(mount, sourceOf(directory), mount.getReadonly(), cwd);
  }

  private void tmpfs(dev.kiln.solver.pb.Mount mount, String cwd) {
    List<String> options = new ArrayList<>(List.of("nosuid"));
    if (mount.getTmpfsOpt().getSize() > 0) {
      options.add("size=" + mount.getTmpfsOpt().getSize());
    }
    if (mount.getReadonly()) {
      options.add("ro");
    }
    add(mount, MountSource.of(List.of(new Mount("tmpfs", "tmpfs", options))), false, cwd);
  }

  private void add(
      dev.kiln.solver.pb.Mount mount, MountSource source, boolean readonly, String cwd) {
    String selector =
        mount.getMountType() == MountType.BIND || mount.getMountType() == MountType.CACHE
            ? mount.getSelector()
            : "";
    sources.put(given.size() - 1, source);
    mounts.add(new OpMount(absolute(mount.getDest(), cwd), source, readonly, selector));
  }

  private static String absolute(String dest, String cwd) {
    return dest.startsWith("/") ? dest : (cwd.endsWith("/") ? cwd : cwd + "/") + dest;
  }

  static boolean isRoot(String dest) {
    return dest.equals("/");
  }

  private static MountSource sourceOf(ImmutableRef ref) {
    return readonly -> {
      RefMount mount = ref.mount(readonly);
      return new MountSource.Mounted(mount.mounts(), mount::close);
    };
  }

  private static MountSource sourceOf(MutableRef ref) {
    return readonly -> {
      RefMount mount = readonly ? ref.mountReadOnly() : ref.mount();
      return new MountSource.Mounted(mount.mounts(), mount::close);
    };
  }

  /**
   * The root file system.
   *
   * @throws IOException when no mount is at /
   */
  public MountSource root() throws IOException {
    if (root == null) {
      throw new IOException("no root filesystem mount: an exec needs a mount at /");
    }
    return root;
  }

  /** Whether the root may only be read. */
  public boolean rootReadonly() {
    return rootReadonly;
  }

  /** The mounts besides the root. */
  public List<OpMount> mounts() {
    return mounts;
  }

  /** What is mounted for the mount with this index, null for one that was left out. */
  public @Nullable MountSource source(int index) {
    return sources.get(index);
  }

  /** The trees as a failed process leaves them. Nothing can be committed afterwards. */
  KeptTrees keep() throws IOException {
    List<@Nullable ImmutableRef> inputs = new ArrayList<>();
    List<@Nullable ImmutableRef> left = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      ImmutableRef input = given.get(i);
      inputs.add(input == null ? null : input.retain());
      MutableRef changed = writable.get(i);
      if (changed != null) {
        ImmutableRef tree = changed.commit();
        tree.dropWhenUnused();
        left.add(tree);
      } else {
        left.add(input == null ? null : input.retain());
      }
    }
    written.clear();
    return new KeptTrees(inputs, left);
  }

  /** The kernel copied the folders that mount points were made in; the step did not change them. */
  private void forgetMountPoints() throws IOException {
    Set<String> folders = new HashSet<>(Set.of("/etc"));
    for (OpMount mount : mounts) {
      Path parent = Path.of(mount.destination()).normalize().getParent();
      if (parent != null) {
        folders.add(parent.toString());
      }
    }
    for (MutableRef tree : written.values()) {
      tree.forgetUntouched(folders);
    }
  }

  /** Turns what was written into the op's results, one for each output. */
  List<dev.kiln.solver.Result> commit() throws IOException {
    Map<Integer, dev.kiln.solver.Result> outputs = new TreeMap<>(passed);
    passed.clear();
    forgetMountPoints();
    for (Map.Entry<Integer, MutableRef> entry : List.copyOf(written.entrySet())) {
      outputs.put(entry.getKey(), new RefResult(entry.getValue().commit()));
      written.remove(entry.getKey());
    }
    List<dev.kiln.solver.Result> results = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      dev.kiln.solver.Result result = outputs.get(i);
      if (result == null) {
        throw new IOException("the outputs of an exec must be numbered without gaps");
      }
      results.add(result);
    }
    return results;
  }

  /** Drops what was not committed and gives back what was borrowed. */
  @Override
  public void close() {
    written.values().forEach(MutableRef::close);
    passed.values().forEach(RefResult::release);
    for (AutoCloseable each : toClose.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        org.slf4j.LoggerFactory.getLogger(ExecMounts.class)
            .warn("could not release a mount of {}", command, e);
      }
    }
    sessionMounts.close();
  }
}
