package dev.kiln.solver.engine;

import dev.kiln.solver.CacheMap;
import dev.kiln.solver.Edge;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.VertexOptions;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.SourceOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A step of a fake graph: {@code op("name").on(a, b).content(1)}. By default its key is its name,
 * and its value its name applied to the values of its inputs, so that results tell what was run.
 */
final class FakeOp implements Operation {
  /** What a run does instead of the default. */
  @FunctionalInterface
  interface Behaviour {
    List<String> run(List<String> inputs, OpContext context) throws Exception;
  }

  final String name;
  private String identity;
  private List<String> keys;
  private final List<Edge> inputs = new ArrayList<>();
  private final Map<Integer, Function<String, String>> content = new HashMap<>();
  private final Map<Integer, String> selectors = new HashMap<>();
  private boolean preprocess;
  private boolean ignoreCache;
  private Weight weight = Weight.LIMITED;
  private Behaviour behaviour;
  private Vertex vertex;
  private FakeResults results;

  final AtomicInteger runs = new AtomicInteger();
  final AtomicInteger maps = new AtomicInteger();
  final AtomicInteger hashes = new AtomicInteger();

  FakeOp(String name) {
    this.name = name;
    this.identity = name;
    this.keys = List.of(name);
    this.behaviour = (in, context) -> List.of(in.isEmpty() ? name : name + in);
  }

  FakeOp on(FakeOp... ops) {
    for (FakeOp op : ops) {
      inputs.add(op.edge(0));
    }
    return this;
  }

  FakeOp onEdge(Edge edge) {
    inputs.add(edge);
    return this;
  }

  /** The digest of the vertex comes from this text. */
  FakeOp identity(String text) {
    identity = text;
    return this;
  }

  /** The keys of the operation, one for each index. */
  FakeOp keys(String... texts) {
    keys = List.of(texts);
    return this;
  }

  /** The content of an input counts: its whole value. */
  FakeOp content(int input) {
    return content(input, v -> v);
  }

  FakeOp content(int input, Function<String, String> part) {
    content.put(input, part);
    return this;
  }

  FakeOp selector(int input, String selector) {
    selectors.put(input, selector);
    return this;
  }

  FakeOp preprocess() {
    preprocess = true;
    return this;
  }

  FakeOp ignoreCache() {
    ignoreCache = true;
    return this;
  }

  FakeOp free() {
    weight = Weight.FREE;
    return this;
  }

  FakeOp value(String value) {
    return does((in, context) -> List.of(value));
  }

  FakeOp does(Behaviour b) {
    behaviour = b;
    return this;
  }

  Vertex vertex() {
    if (vertex == null) {
      Op op =
          Op.newBuilder().setSource(SourceOp.newBuilder().setIdentifier("fake://" + name)).build();
      VertexOptions options = new VertexOptions(ignoreCache, null, Map.of(), null, null);
      StringBuilder id = new StringBuilder(identity);
      inputs.forEach(
          i -> id.append(' ').append(i.vertex().digest()).append('@').append(i.output()));
      String digest = Sha256.of(id.toString());
      vertex = new Vertex(digest, digest, op, name, options, inputs);
      OPS.put(vertex, this);
    }
    return vertex;
  }

  Edge edge(int output) {
    return new Edge(vertex(), output);
  }

  /** By the object, not by digest: tests may give two vertices one digest. */
  static final Map<Vertex, FakeOp> OPS =
      java.util.Collections.synchronizedMap(new java.util.WeakHashMap<>());

  FakeOp with(FakeResults store) {
    results = store;
    return this;
  }

  /** What a run would give, without a solver. */
  String evaluate(List<String> in) {
    try {
      return behaviour.run(in, null).get(0);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Weight weight() {
    return weight;
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) {
    maps.incrementAndGet();
    String key = keys.get(index);
    List<CacheMap.Dep> deps = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Function<String, String> part = content.get(i);
      deps.add(
          new CacheMap.Dep(
              selectors.getOrDefault(i, ""),
              part == null
                  ? null
                  : (r, c) -> {
                    hashes.incrementAndGet();
                    return Sha256.of("content:" + part.apply(((FakeResults.Text) r).value));
                  },
              preprocess ? (r, c) -> {} : null));
    }
    String digest = key.startsWith("random:") ? key : Sha256.of("op:" + key);
    return new CacheMap(digest, deps, index == keys.size() - 1);
  }

  @Override
  public List<Result> run(List<Result> in, OpContext context) throws Exception {
    runs.incrementAndGet();
    List<String> values = in.stream().map(r -> ((FakeResults.Text) r).value).toList();
    return behaviour.run(values, context).stream().map(v -> results.text(v)).toList();
  }
}
