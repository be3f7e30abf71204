package dev.kiln.daemon.build;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The refs of all running builds by what they are defined as, so that a build that is handed the
 * definition of another's result can tell where it came from. Safe for use by many threads.
 */
public final class SolvedRefs {
  private final Map<String, List<Solved>> byHead = new HashMap<>();

  /**
   * A ref that a frontend's call led to.
   *
   * @param scope of the call
   */
  public record Solved(BuildRef ref, RequestScope scope) {}

  /** Makes a ref known until the build closes. */
  void add(Build build, BuildRef ref, RequestScope scope) {
    String head = head(ref.definition());
    if (head.isEmpty() || scope.call() == null) {
      return;
    }
    Solved solved = new Solved(ref, scope);
    synchronized (byHead) {
      byHead.computeIfAbsent(head, each -> new ArrayList<>()).add(solved);
    }
    build.onClose(() -> remove(head, solved));
  }

  private void remove(String head, Solved solved) {
    synchronized (byHead) {
      List<Solved> left = byHead.get(head);
      if (left != null && left.remove(solved) && left.isEmpty()) {
        byHead.remove(head);
      }
    }
  }

  /** All refs that are defined the same. */
  public List<Solved> find(Definition definition) {
    String head = head(definition);
    synchronized (byHead) {
      return List.copyOf(byHead.getOrDefault(head, List.of()));
    }
  }

  /** Digest of the op that a definition's result comes from; empty when there is none. */
  private static String head(Definition definition) {
    if (definition.getDefCount() == 0) {
      return "";
    }
    try {
      Op last = Op.parseFrom(definition.getDef(definition.getDefCount() - 1));
      return last.getInputsCount() == 0 ? "" : last.getInputs(0).getDigest();
    } catch (InvalidProtocolBufferException e) {
      return "";
    }
  }
}
