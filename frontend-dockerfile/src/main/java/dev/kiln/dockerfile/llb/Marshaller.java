package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Location;
import dev.kiln.solver.pb.Locations;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.OpMetadata;
import dev.kiln.solver.pb.Source;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns a state into a definition. Costs time linear in the graph, and no stack. */
public final class Marshaller {

  private final MarshalContext context;
  private final Definition.Builder definition = Definition.newBuilder();
  private final Map<String, OpMetadata.Builder> metadata = new LinkedHashMap<>();
  private final Map<String, Locations.Builder> locations = new LinkedHashMap<>();
  private final Map<SourceMap, Integer> maps = new LinkedHashMap<>();

  private Marshaller(Platform defaultPlatform) {
    this.context = new MarshalContext(defaultPlatform);
  }

  /**
   * Marshals a state with all that it stands on.
   *
   * @param defaultPlatform of operations that name none
   * @return the definition, which is empty for the empty file system
   */
  public static Definition marshal(State state, Platform defaultPlatform) {
    Output output = state.output();
    return output == null
        ? Definition.getDefaultInstance()
        : new Marshaller(defaultPlatform).run(output);
  }

  private Definition run(Output output) {
    walk(output.vertex());
    var terminal = CanonicalOp.encode(Op.newBuilder().addInputs(context.input(output)).build());
    definition.addDef(terminal);
    OpMetadata.Builder caps =
        OpMetadata.newBuilder().putCaps("constraints", true).putCaps("platform", true);
    for (OpMetadata.Builder known : metadata.values()) {
      if (known.getIgnoreCache()) {
        caps.putCaps("meta.ignorecache", true);
      }
      if (known.getDescriptionCount() > 0) {
        caps.putCaps("meta.description", true);
      }
      if (known.hasExportCache()) {
        caps.putCaps("meta.exportcache", true);
      }
    }
    metadata.put(CanonicalOp.digest(terminal), caps);
    metadata.forEach((digest, entry) -> definition.putMetadata(digest, entry.build()));
    return definition.setSource(source()).build();
  }

  /** A vertex whose inputs are being visited. */
  private record Visit(Vertex vertex, Iterator<Output> remaining) {}

  private void walk(Vertex root) {
    Deque<Visit> path = new ArrayDeque<>();
    path.push(new Visit(root, root.inputs().iterator()));
    while (!path.isEmpty()) {
      Visit top = path.getFirst();
      if (top.remaining().hasNext()) {
        Vertex next = top.remaining().next().vertex();
        if (!context.isDone(next)) {
          path.push(new Visit(next, next.inputs().iterator()));
        }
      } else {
        path.pop();
        if (!context.isDone(top.vertex())) {
          add(context.marshal(top.vertex()));
        }
      }
    }
  }

  private void add(MarshalledOp op) {
    OpMetadata.Builder known = metadata.get(op.digest());
    if (known == null) {
      definition.addDef(op.bytes());
      metadata.put(op.digest(), op.metadata().toBuilder());
    } else {
      join(known, op.metadata());
    }
    Locations.Builder places =
        locations.computeIfAbsent(op.digest(), digest -> Locations.newBuilder());
    for (SourceLocation location : op.locations()) {
      Integer index = maps.putIfAbsent(location.map(), maps.size());
      places.addLocations(
          Location.newBuilder()
              .setSourceIndex(index == null ? maps.size() - 1 : index)
              .addAllRanges(location.ranges()));
    }
  }

  /** Two vertices that became the same operation: what is said about the later one wins. */
  private static void join(OpMetadata.Builder known, OpMetadata added) {
    if (added.getIgnoreCache()) {
      known.setIgnoreCache(true);
    }
    known.putAllDescription(added.getDescriptionMap()).putAllCaps(added.getCapsMap());
    if (added.hasExportCache()) {
      known.setExportCache(added.getExportCache());
    }
    if (added.hasProgressGroup()) {
      known.setProgressGroup(added.getProgressGroup());
    }
    if (added.hasLinuxResources()) {
      known.setLinuxResources(added.getLinuxResources());
    }
  }

  private Source source() {
    Source.Builder source = Source.newBuilder();
    maps.keySet().forEach(map -> source.addInfos(map.toWire()));
    locations.forEach((digest, places) -> source.putLocations(digest, places.build()));
    return source.build();
  }
}
