package dev.kiln.daemon.provenance;

import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.FrontendCall;
import dev.kiln.daemon.build.RequestScope;
import dev.kiln.daemon.build.SolvedRefs;
import dev.kiln.solver.Job;
import dev.kiln.solver.pb.Definition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells how refs were asked for, with the requests behind the definitions that were handed in. For
 * one thread.
 */
final class RequestRecords {
  /** Inputs of inputs of inputs: beyond this, something is handed round in circles. */
  private static final int MAX_DEPTH = 32;

  private final Job job;
  private final SolvedRefs solved;

  RequestRecords(Job job, SolvedRefs solved) {
    this.job = job;
    this.solved = solved;
  }

  /**
   * The request that a scope stands for, with the client's own where that is another.
   *
   * @param capture what the result was made from, to tell the context's digest
   */
  RequestRecord of(RequestScope scope, Capture capture) {
    return of(scope, capture, 0);
  }

  private RequestRecord of(RequestScope scope, Capture capture, int depth) {
    RequestRecord own = plain(scope.call(), capture, depth);
    RequestRecord root = plain(scope.root(), capture, depth);
    return root.isEmpty() || root.equals(own) ? own : own.withRoot(root);
  }

  private RequestRecord plain(@Nullable FrontendCall call, Capture capture, int depth) {
    if (call == null) {
      return RequestRecord.EMPTY;
    }
    RequestRecord record = RequestArgs.record(call, capture);
    Map<String, RequestRecord> inputs = new HashMap<>();
    if (depth < MAX_DEPTH) {
      call.inputs()
          .forEach(
              (name, definition) -> {
                RequestRecord input = producer(definition, depth + 1);
                if (input != null) {
                  inputs.put(name, input);
                }
              });
    }
    return new RequestRecord(record.source(), record.frontend(), record.args(), inputs, null);
  }

  /** The request that led to a definition; null when it is unknown or not the only one. */
  private @Nullable RequestRecord producer(Definition definition, int depth) {
    List<RequestRecord> found = new ArrayList<>();
    for (SolvedRefs.Solved each : solved.find(definition)) {
      found.add(of(each.scope(), sources(each.ref()), depth).withRoot(null));
    }
    boolean same = found.stream().distinct().count() == 1;
    return same ? found.getFirst() : null;
  }

  private Capture sources(BuildRef ref) {
    return CaptureWalk.of(job, ref).orElseGet(Capture::new);
  }
}
