package dev.kiln.dockerfile.llb;

import com.google.protobuf.ByteString;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Input;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.OpMetadata;
import dev.kiln.solver.pb.SourceInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** States from definitions that somebody else has written. */
public final class Definitions {

  private Definitions() {}

  /**
   * The state that a definition stands for; the empty file system for an empty definition.
   *
   * @throws IllegalArgumentException if the definition cannot be read
   */
  public static State state(Definition definition) {
    if (definition.getDefCount() == 0) {
      return State.scratch();
    }
    Table table = new Table(definition);
    Op last = table.op(CanonicalOp.digest(definition.getDef(definition.getDefCount() - 1)));
    if (last.getInputsCount() == 0) {
      throw new IllegalArgumentException("invalid LLB with no inputs on last vertex");
    }
    return State.of(table.output(last.getInputs(0)));
  }

  /** Digest of the vertex that a definition ends in, or empty. */
  public static String head(Definition definition) {
    if (definition.getDefCount() == 0) {
      return "";
    }
    Op last = parse(definition.getDef(definition.getDefCount() - 1));
    return last.getInputsCount() == 0 ? "" : last.getInputs(0).getDigest();
  }

  private static Op parse(ByteString bytes) {
    try {
      return Op.parseFrom(bytes);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("failed to parse llb proto op", e);
    }
  }

  /** The vertices of one definition. */
  private static final class Table {
    private final Map<String, ByteString> bytes = new HashMap<>();
    private final Map<String, Op> ops = new HashMap<>();
    private final Map<String, ExistingVertex> vertices = new HashMap<>();
    private final Map<String, List<SourceLocation>> locations = new HashMap<>();
    private final Definition definition;

    Table(Definition definition) {
      this.definition = definition;
      for (ByteString op : definition.getDefList()) {
        String digest = CanonicalOp.digest(op);
        bytes.put(digest, op);
        ops.put(digest, parse(op));
      }
      List<SourceMap> maps = new ArrayList<>();
      for (SourceInfo info : definition.getSource().getInfosList()) {
        maps.add(
            new SourceMap(
                info.getFilename(), info.getLanguage(), info.getData(), info.getDefinition()));
      }
      definition
          .getSource()
          .getLocationsMap()
          .forEach(
              (digest, found) ->
                  locations.put(
                      digest,
                      found.getLocationsList().stream()
                          .filter(l -> l.getSourceIndex() < maps.size())
                          .map(
                              l ->
                                  new SourceLocation(
                                      maps.get(l.getSourceIndex()), l.getRangesList()))
                          .toList()));
    }

    Op op(String digest) {
      Op op = ops.get(digest);
      if (op == null) {
        throw new IllegalArgumentException("invalid missing input digest " + digest);
      }
      return op;
    }

    Output output(Input input) {
      return new Output.Fixed(vertex(input.getDigest()), (int) input.getIndex(), null);
    }

    private ExistingVertex vertex(String digest) {
      ExistingVertex known = vertices.get(digest);
      if (known != null) {
        return known;
      }
      Op op = op(digest);
      MarshalledOp marshalled =
          new MarshalledOp(
              digest,
              bytes.getOrDefault(digest, ByteString.EMPTY),
              definition.getMetadataOrDefault(digest, OpMetadata.getDefaultInstance()),
              locations.getOrDefault(digest, List.of()));
      ExistingVertex made = new ExistingVertex(marshalled, op.getInputsList(), this::output);
      vertices.put(digest, made);
      return made;
    }
  }

  /** A vertex whose bytes stay as they are. */
  private static final class ExistingVertex implements Vertex {
    private final MarshalledOp op;
    private final List<Input> inputs;
    private final Function<Input, Output> resolver;

    ExistingVertex(MarshalledOp op, List<Input> inputs, Function<Input, Output> resolver) {
      this.op = op;
      this.inputs = inputs;
      this.resolver = resolver;
    }

    @Override
    public List<Output> inputs() {
      return inputs.stream().map(resolver).toList();
    }

    @Override
    public MarshalledOp marshal(MarshalContext context) {
      return op;
    }
  }
}
