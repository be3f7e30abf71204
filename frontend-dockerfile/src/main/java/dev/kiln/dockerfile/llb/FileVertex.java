package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.FileActionCopy;
import dev.kiln.solver.pb.FileActionMkDir;
import dev.kiln.solver.pb.FileActionMkFile;
import dev.kiln.solver.pb.FileActionRm;
import dev.kiln.solver.pb.FileActionSymlink;
import dev.kiln.solver.pb.FileOp;
import dev.kiln.solver.pb.Input;
import dev.kiln.solver.pb.Op;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** File actions that are done in order, one on top of the other. */
final class FileVertex implements Vertex {

  private static final long NONE = -1;

  private final State base;
  private final List<FileAction> actions;
  private final Constraints constraints;

  FileVertex(State base, List<FileAction> actions, Constraints constraints) {
    if (actions.isEmpty()) {
      throw new IllegalArgumentException("action is required");
    }
    this.base = base;
    this.actions = List.copyOf(actions);
    this.constraints = constraints.needing("file.base");
  }

  /** The base, then the sources of copies from the last action to the first. */
  @Override
  public List<Output> inputs() {
    Set<Output> inputs = new LinkedHashSet<>();
    if (base.output() != null) {
      inputs.add(base.output());
    }
    for (FileAction action : actions.reversed()) {
      if (action instanceof FileAction.Copy copy && copy.from().output() != null) {
        inputs.add(copy.from().output());
      }
    }
    return List.copyOf(inputs);
  }

  @Override
  public MarshalledOp marshal(MarshalContext context) {
    Map<Input, Long> indexes = new LinkedHashMap<>();
    long baseIndex = index(context, base, indexes);
    List<Long> sources = new ArrayList<>();
    for (FileAction action : actions) {
      sources.add(
          action instanceof FileAction.Copy copy ? index(context, copy.from(), indexes) : NONE);
    }
    FileOp.Builder file = FileOp.newBuilder();
    for (int i = 0; i < actions.size(); i++) {
      dev.kiln.solver.pb.FileAction.Builder wire =
          dev.kiln.solver.pb.FileAction.newBuilder()
              .setInput(i == 0 ? baseIndex : indexes.size() + i - 1)
              .setSecondaryInput(sources.get(i))
              .setOutput(i == actions.size() - 1 ? 0 : NONE);
      put(wire, actions.get(i), baseIndex);
      file.addActions(wire);
    }
    Op op = context.newOp(false, null).addAllInputs(indexes.keySet()).setFile(file).build();
    return context.finish(op, constraints);
  }

  private static long index(MarshalContext context, State state, Map<Input, Long> indexes) {
    Output output = state.output();
    if (output == null) {
      return NONE;
    }
    Input input = context.input(output);
    Long known = indexes.putIfAbsent(input, (long) indexes.size());
    return known == null ? indexes.size() - 1 : known;
  }

  private void put(dev.kiln.solver.pb.FileAction.Builder wire, FileAction action, long baseIndex) {
    switch (action) {
      case FileAction.Copy copy -> wire.setCopy(copy(copy, baseIndex));
      case FileAction.MkFile file ->
          wire.setMkfile(
              FileActionMkFile.newBuilder()
                  .setPath(absolute(file.path()))
                  .setMode(file.mode() & 0777)
                  .setData(file.data())
                  .setTimestamp(FileAction.NO_TIME));
      case FileAction.MkDir dir -> {
        FileActionMkDir.Builder mkdir =
            FileActionMkDir.newBuilder()
                .setPath(absolute(dir.path()))
                .setMode(dir.mode() & 0777)
                .setMakeParents(dir.parents())
                .setTimestamp(dir.timeNanos());
        if (dir.owner() != null) {
          mkdir.setOwner(dir.owner().toWire(baseIndex));
        }
        wire.setMkdir(mkdir);
      }
      case FileAction.Remove remove ->
          wire.setRm(
              FileActionRm.newBuilder()
                  .setPath(absolute(remove.path()))
                  .setAllowNotFound(remove.allowNotFound())
                  .setAllowWildcard(remove.allowWildcard()));
      case FileAction.Symlink link ->
          wire.setSymlink(
              FileActionSymlink.newBuilder()
                  .setOldpath(link.target())
                  .setNewpath(link.path())
                  .setTimestamp(FileAction.NO_TIME));
    }
  }

  private FileActionCopy copy(FileAction.Copy copy, long baseIndex) {
    String source = Paths.clean(copy.source());
    FileActionCopy.Builder wire =
        copy.flags().toBuilder()
            .setSrc(Paths.isAbsolute(source) ? source : Paths.join(copy.from().dir(), source))
            .setDest(Paths.absolute(base.dir(), copy.destination(), true))
            .setTimestamp(FileAction.NO_TIME);
    if (copy.owner() != null) {
      wire.setOwner(copy.owner().toWire(baseIndex));
    }
    return wire.build();
  }

  private String absolute(String path) {
    return Paths.absolute(base.dir(), path, false);
  }
}
