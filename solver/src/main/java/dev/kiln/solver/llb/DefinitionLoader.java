package dev.kiln.solver.llb;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kiln.solver.Edge;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.VertexOptions;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Input;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.OpMetadata;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Turns a definition into vertices: checks it, applies source policy, makes the vertex digests and
 * fills in platforms, in that order (llb.md, section 2). Works without recursion, in time linear in
 * the size of the definition. One loader loads one definition; not thread-safe.
 */
public final class DefinitionLoader {
  private final Definition definition;
  private final LoadOptions options;
  private final Map<String, Loading> ops = new LinkedHashMap<>();

  private DefinitionLoader(Definition definition, LoadOptions options) {
    this.definition = definition;
    this.options = options;
  }

  /** An op on its way to being a vertex. */
  private static final class Loading {
    final String clientDigest;
    final OpMetadata metadata;
    Op op;
    String digest = "";
    @Nullable Vertex vertex;

    Loading(String clientDigest, OpMetadata metadata, Op op) {
      this.clientDigest = clientDigest;
      this.metadata = metadata;
      this.op = op;
    }
  }

  /**
   * Loads a definition.
   *
   * @throws InvalidLlbException if it breaks a rule, or policy or check refuse it
   * @throws InterruptedException if interrupted while policy was asked
   */
  public static LoadedGraph load(Definition definition, LoadOptions options)
      throws InvalidLlbException, InterruptedException {
    return new DefinitionLoader(definition, options).load();
  }

  private LoadedGraph load() throws InvalidLlbException, InterruptedException {
    if (definition.getDefCount() == 0) {
      throw new InvalidLlbException("invalid empty definition");
    }
    Loading last = parse();
    applyPolicy();
    List<Loading> order = new ArrayList<>();
    Set<String> done = new HashSet<>();
    for (Loading op : ops.values()) {
      sortInto(op, done, order);
    }
    order.forEach(this::digest);
    if (ops.size() < 2) {
      throw new InvalidLlbException("invalid LLB with " + ops.size() + " vertexes");
    }
    if (last.op.getInputsCount() == 0) {
      throw new InvalidLlbException("invalid LLB with no inputs on last vertex");
    }
    Input result = last.op.getInputs(0);
    List<Loading> needed = new ArrayList<>();
    Loading top = find(result.getDigest());
    if (top == last) {
      throw missing(result.getDigest());
    }
    sortInto(top, new HashSet<>(), needed);
    List<Vertex> vertices = new ArrayList<>(needed.size());
    for (Loading op : needed) {
      Vertex vertex = vertex(op);
      op.vertex = vertex;
      vertices.add(vertex);
    }
    Edge edge = new Edge(vertices.get(vertices.size() - 1), (int) result.getIndex());
    return new LoadedGraph(edge, vertices, definition);
  }

  private Loading parse() throws InvalidLlbException {
    Loading last = null;
    for (ByteString bytes : definition.getDefList()) {
      Op op;
      try {
        op = Op.parseFrom(bytes);
      } catch (InvalidProtocolBufferException e) {
        throw new InvalidLlbException("failed to parse llb proto op: " + e.getMessage(), e);
      }
      for (int i = 0; i < op.getInputsCount(); i++) {
        long index = op.getInputs(i).getIndex();
        if (index < 0 || index > Integer.MAX_VALUE) {
          throw new InvalidLlbException("invalid input " + i + " output index " + index);
        }
      }
      String digest = Sha256.of(bytes.toByteArray());
      OpMetadata metadata =
          definition.getMetadataOrDefault(digest, OpMetadata.getDefaultInstance());
      last = new Loading(digest, metadata, op);
      ops.put(digest, last);
    }
    if (last == null) {
      throw new InvalidLlbException("invalid empty definition");
    }
    return last;
  }

  /** Policy may ask the client, so all sources are asked about at once. */
  private void applyPolicy() throws InvalidLlbException, InterruptedException {
    Map<Loading, Future<Op>> answers = new LinkedHashMap<>();
    for (Loading loading : ops.values()) {
      if (loading.op.hasSource()) {
        Op source = loading.op;
        FutureTask<Op> task = new FutureTask<>(() -> options.policy().evaluate(source));
        Thread.startVirtualThread(task);
        answers.put(loading, task);
      }
    }
    for (Map.Entry<Loading, Future<Op>> answer : answers.entrySet()) {
      try {
        answer.getKey().op = answer.getValue().get();
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        throw new InvalidLlbException(
            "error evaluating the source policy: " + cause.getMessage(), cause);
      }
    }
  }

  private Loading find(String clientDigest) throws InvalidLlbException {
    Loading found = ops.get(clientDigest);
    if (found == null) {
      throw missing(clientDigest);
    }
    return found;
  }

  private static InvalidLlbException missing(String digest) {
    return new InvalidLlbException("invalid missing input digest " + digest);
  }

  /** Adds an op after everything that it stands on. */
  private void sortInto(Loading top, Set<String> done, List<Loading> order)
      throws InvalidLlbException {
    Set<String> open = new HashSet<>();
    Deque<Loading> stack = new ArrayDeque<>();
    stack.push(top);
    while (!stack.isEmpty()) {
      Loading next = stack.peek();
      if (done.contains(next.clientDigest)) {
        stack.pop();
      } else if (open.add(next.clientDigest)) {
        for (int i = next.op.getInputsCount() - 1; i >= 0; i--) {
          Loading input = find(next.op.getInputs(i).getDigest());
          if (open.contains(input.clientDigest) && !done.contains(input.clientDigest)) {
            throw new InvalidLlbException("invalid LLB with a loop at " + input.clientDigest);
          }
          stack.push(input);
        }
      } else {
        stack.pop();
        done.add(next.clientDigest);
        order.add(next);
      }
    }
  }

  /** Inputs are digested before: their new digests go into the bytes. */
  private void digest(Loading loading) {
    Op.Builder op = loading.op.toBuilder();
    for (Input.Builder input : op.getInputsBuilderList()) {
      Loading source = ops.get(input.getDigest());
      if (source != null) {
        input.setDigest(source.digest);
      }
    }
    loading.digest = Sha256.of(CanonicalMarshal.bytes(op.build()));
  }

  private Vertex vertex(Loading loading) throws InvalidLlbException {
    OpRules.check(loading.op);
    for (String cap : loading.metadata.getCapsMap().keySet()) {
      if (!Caps.KNOWN.contains(cap)) {
        throw new InvalidLlbException("unknown API capability " + cap);
      }
    }
    Op op = options.check().check(loading.op, loading.metadata);
    Op.Builder normal = op.toBuilder();
    normal.setPlatform(
        Platforms.normalize(op.hasPlatform() ? op.getPlatform() : options.defaultPlatform()));
    List<Edge> inputs = new ArrayList<>(op.getInputsCount());
    for (int i = 0; i < op.getInputsCount(); i++) {
      Loading source = find(op.getInputs(i).getDigest());
      normal.setInputs(i, op.getInputs(i).toBuilder().setDigest(source.digest));
      if (source.vertex == null) {
        throw missing(op.getInputs(i).getDigest());
      }
      inputs.add(new Edge(source.vertex, (int) op.getInputs(i).getIndex()));
    }
    String custom = loading.metadata.getDescriptionMap().get("llb.customname");
    String name = custom == null ? OpNames.of(op, inputs) : custom;
    return new Vertex(
        loading.digest, loading.clientDigest, normal.build(), name, options(loading), inputs);
  }

  private static VertexOptions options(Loading loading) {
    OpMetadata md = loading.metadata;
    return new VertexOptions(
        md.getIgnoreCache(),
        md.hasExportCache() ? md.getExportCache().getValue() : null,
        md.getDescriptionMap(),
        md.hasProgressGroup() ? md.getProgressGroup() : null,
        loading.op.hasExec() && md.hasLinuxResources() ? md.getLinuxResources() : null);
  }
}
