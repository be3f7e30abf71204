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
  private final Job job;
  private final SolvedRefs solved;

  /**
   * What is known of definitions. One that is still being looked into counts as unknown: requests
   * that hand their inputs on to each other would otherwise be followed in circles.
   */
  private final Map<Definition, @Nullable RequestRecord> producers = new HashMap<>();

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
    RequestRecord own = plain(scope.call(), capture);
    RequestRecord root = plain(scope.root(), capture);
    return root.isEmpty() || root.equals(own) ? own : own.withRoot(root);
  }

  private RequestRecord plain(@Nullable FrontendCall call, Capture capture) {
    if (call == null) {
      return RequestRecord.EMPTY;
    }
    RequestRecord record = RequestArgs.record(call, capture);
    Map<String, RequestRecord> inputs = new HashMap<>();
    call.inputs()
        .forEach(
            (name, definition) -> {
              RequestRecord input = producer(definition);
              if (input != null) {
                inputs.put(name, input);
              }
            });
    return new RequestRecord(record.source(), record.frontend(), record.args(), inputs, null);
  }

  /** The request that led to a definition; null when it is unknown or not the only one. */
  private @Nullable RequestRecord producer(Definition definition) {
    if (producers.containsKey(definition)) {
      return producers.get(definition);
    }
    producers.put(definition, null);
    List<RequestRecord> found = new ArrayList<>();
    for (SolvedRefs.Solved each : solved.find(definition)) {
      found.add(of(each.scope(), sources(each.ref())).withRoot(null));
    }
    boolean same = found.stream().distinct().count() == 1;
    RequestRecord producer = same ? found.getFirst() : null;
    producers.put(definition, producer);
    return producer;
  }

  private Capture sources(BuildRef ref) {
    return CaptureWalk.of(job, ref).orElseGet(Capture::new);
  }
}
