package dev.kiln.daemon.provenance;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Input;
import dev.kiln.solver.pb.Op;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ops of a definition as numbered steps, inputs before what stands on them. What differs from
 * client to client, such as session ids, is left out. Immutable.
 */
final class BuildSteps {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Map<String, Op> ops;
  private final Map<String, Integer> numbers = new LinkedHashMap<>();

  private BuildSteps(Map<String, Op> ops) {
    this.ops = ops;
  }

  /**
   * Reads a definition.
   *
   * @throws BuildFailure when it is malformed
   */
  static BuildSteps of(Definition definition) {
    Map<String, Op> ops = new HashMap<>();
    String last = "";
    try {
      for (ByteString bytes : definition.getDefList()) {
        last = Sha256.of(bytes.toByteArray());
        ops.put(last, scrubbed(Op.parseFrom(bytes)));
      }
    } catch (InvalidProtocolBufferException e) {
      throw BuildFailure.of("failed to parse llb proto op: " + e.getMessage(), e);
    }
    BuildSteps steps = new BuildSteps(ops);
    if (!last.isEmpty()) {
      steps.number(last);
    }
    return steps;
  }

  private static Op scrubbed(Op op) {
    if (!op.hasSource()) {
      return op;
    }
    Op.Builder out = op.toBuilder();
    out.getSourceBuilder().removeAttrs("local.session").removeAttrs("local.unique");
    return out.build();
  }

  private void number(String top) {
    Set<String> open = new HashSet<>();
    Deque<String> stack = new ArrayDeque<>();
    stack.push(top);
    while (!stack.isEmpty()) {
      String digest = stack.peek();
      Op op = ops.get(digest);
      if (op == null) {
        throw BuildFailure.of("failed to find input " + digest, null);
      }
      if (open.add(digest)) {
        List<Input> inputs = op.getInputsList();
        for (int i = inputs.size() - 1; i >= 0; i--) {
          if (!open.contains(inputs.get(i).getDigest())) {
            stack.push(inputs.get(i).getDigest());
          }
        }
      } else {
        stack.pop();
        numbers.putIfAbsent(digest, numbers.size());
      }
    }
  }

  boolean isEmpty() {
    return numbers.isEmpty();
  }

  /** The step of an op of the definition, by its digest; empty when it is none of them. */
  String step(String digest) {
    Integer number = numbers.get(digest);
    return number == null ? "" : "step" + number;
  }

  /** All steps with their ops. */
  ArrayNode json() {
    ArrayNode out = NODES.arrayNode();
    for (String digest : numbers.keySet()) {
      Op op = Objects.requireNonNull(ops.get(digest));
      ObjectNode step = out.addObject();
      step.put("id", step(digest));
      List<String> inputs = new ArrayList<>();
      for (Input input : op.getInputsList()) {
        inputs.add(step(input.getDigest()) + ":" + input.getIndex());
      }
      Op alone = op.toBuilder().clearInputs().build();
      step.set("op", GoProtoJson.of(alone));
      if (!inputs.isEmpty()) {
        ArrayNode names = step.putArray("inputs");
        inputs.forEach(names::add);
      }
    }
    return out;
  }

  /** Which op is which step, by digest. */
  ObjectNode mapping() {
    ObjectNode out = NODES.objectNode();
    new TreeMap<>(numbers).forEach((digest, number) -> out.put(digest, "step" + number));
    return out;
  }
}
