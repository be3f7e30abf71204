package dev.kiln.daemon.op;

import dev.kiln.daemon.failure.KeptTrees;
import dev.kiln.daemon.worker.MountedRef;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.MutableRef;
import dev.kiln.snapshotter.ref.RefMount;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.snapshotter.snapshot.MountPoint;
import dev.kiln.solver.pb.FileAction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The trees of one run of a file op by the op's own numbering: inputs first, then the results of
 * the actions; -1 is the empty tree. An action goes on in the tree of the action before it, unless
 * that one is an output. For one thread; must be closed.
 */
final class FileTrees implements AutoCloseable {
  private final OpServices services;
  private final List<@Nullable ImmutableRef> inputs;
  private final String description;
  private final Map<Long, Writable> writable = new HashMap<>();
  private final Map<Long, MountedRef> readable = new HashMap<>();
  private final Map<Long, ImmutableRef> committed = new HashMap<>();
  private final List<Writable> opened = new ArrayList<>();

  /** A tree that an action writes to. */
  static final class Writable {
    private final MutableRef ref;
    private final RefMount mount;
    private final MountPoint point;

    private Writable(MutableRef ref, RefMount mount, MountPoint point) {
      this.ref = ref;
      this.mount = mount;
      this.point = point;
    }

    Path root() {
      return point.path();
    }

    private void unmount() throws IOException {
      point.close();
      mount.close();
    }
  }

  /**
   * Starts with the op's inputs.
   *
   * @param inputs null where empty; they stay the caller's
   */
  FileTrees(OpServices services, List<@Nullable ImmutableRef> inputs, String description) {
    this.services = services;
    this.inputs = new ArrayList<>(inputs);
    this.description = description;
  }

  /** The root of the tree that an action with this primary input writes to. */
  Path writable(long index) throws IOException {
    Writable going = writable.get(index);
    if (going == null) {
      going = open(treeOf(index));
      writable.put(index, going);
    }
    return going.root();
  }

  private Writable open(@Nullable ImmutableRef parent) throws IOException {
    MutableRef ref = services.refs().newMutable(parent, RefOptions.described(description));
    RefMount mount = ref.mount();
    Writable made =
        new Writable(ref, mount, MountPoint.open(mount.mounts(), services.mountFolder()));
    opened.add(made);
    return made;
  }

  /** The root of a tree that is only read. */
  Path readable(long index) throws IOException {
    Writable going = writable.get(index);
    if (going != null) {
      return going.root();
    }
    MountedRef mounted = readable.get(index);
    if (mounted == null) {
      ImmutableRef tree = treeOf(index);
      if (tree == null) {
        return open(null).root();
      }
      mounted = new MountedRef(tree, services.mountFolder());
      readable.put(index, mounted);
    }
    return Path.of(mounted.path());
  }

  /** The root of a tree without anything in it: what a copy from scratch reads. */
  Path empty() throws IOException {
    return open(null).root();
  }

  private @Nullable ImmutableRef treeOf(long index) throws IOException {
    if (index < 0) {
      return null;
    }
    if (index < inputs.size()) {
      return inputs.get((int) index);
    }
    ImmutableRef result = committed.get(index);
    if (result == null) {
      throw new IOException("invalid input index " + index + ": no earlier action has that result");
    }
    return result;
  }

  /**
   * An action is done: its tree becomes its result.
   *
   * @param input the action's primary input
   * @param isOutput whether the result is one of the op's outputs
   */
  void done(long input, int action, boolean isOutput) throws IOException {
    Writable tree = writable.remove(input);
    if (tree == null) {
      throw new IOException("action " + action + " has no tree");
    }
    long result = (long) inputs.size() + action;
    if (!isOutput) {
      writable.put(result, tree);
      return;
    }
    tree.unmount();
    opened.remove(tree);
    committed.put(result, tree.ref.commit());
  }

  /**
   * The trees as a failed action leaves them: the inputs, and what was to become the action's
   * result and that of the action it copies from.
   */
  KeptTrees keep(FileAction failed, int action, int actions) throws IOException {
    List<@Nullable ImmutableRef> given = new ArrayList<>();
    inputs.forEach(input -> given.add(input == null ? null : input.retain()));
    List<@Nullable ImmutableRef> left = new ArrayList<>(Collections.nCopies(actions, null));
    left.set(action, takeOver(failed.getInput()));
    long copied = FileActions.secondaryInput(failed);
    if (copied >= inputs.size() && copied != failed.getInput()) {
      left.set((int) copied - inputs.size(), takeOver(copied));
    }
    return new KeptTrees(given, left);
  }

  private @Nullable ImmutableRef takeOver(long index) throws IOException {
    Writable tree = writable.remove(index);
    if (tree == null) {
      ImmutableRef result = committed.get(index);
      if (result == null) {
        return null;
      }
      result.dropWhenUnused();
      return result.retain();
    }
    tree.unmount();
    opened.remove(tree);
    ImmutableRef left = tree.ref.commit();
    left.dropWhenUnused();
    return left;
  }

  /** The output of an action; the handle stays with the trees. */
  ImmutableRef committed(int action) {
    ImmutableRef ref = committed.get((long) inputs.size() + action);
    if (ref == null) {
      throw new IllegalStateException("action " + action + " is no output");
    }
    return ref;
  }

  @Override
  public void close() throws IOException {
    for (MountedRef each : readable.values()) {
      each.close();
    }
    for (Writable each : opened) {
      each.unmount();
      each.ref.close();
    }
    committed.values().forEach(ImmutableRef::close);
  }
}
