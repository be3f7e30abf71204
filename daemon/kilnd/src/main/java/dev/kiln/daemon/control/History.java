package dev.kiln.daemon.control;

import dev.kiln.wire.control.BuildHistoryEvent;
import dev.kiln.wire.control.BuildHistoryRequest;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.UpdateBuildHistoryRequest;
import io.grpc.stub.StreamObserver;

/** Records of builds, as the Control service asks for them (control.md, section 8). */
public interface History {
  /**
   * Sends the recorded progress of a build that ended.
   *
   * @return false when there is no record of that build
   */
  boolean replay(String ref, StreamObserver<StatusResponse> out) throws Exception;

  /** Lists records and, unless the request says otherwise, tells of further ones as they come. */
  void listen(BuildHistoryRequest request, StreamObserver<BuildHistoryEvent> out) throws Exception;

  /** Pins, deletes or finalizes a record. */
  void update(UpdateBuildHistoryRequest request) throws Exception;

  /** A build has started; the returned recording must be ended. */
  Recording begin(dev.kiln.daemon.build.Build build);

  /** The record of one running build. */
  interface Recording {
    /**
     * Ends the record.
     *
     * @param response entries of the response, or null when the build failed
     * @param failure why it failed, or null
     */
    void end(
        java.util.@org.jspecify.annotations.Nullable Map<String, String> response,
        @org.jspecify.annotations.Nullable Throwable failure,
        Results results)
        throws Exception;
  }

  /**
   * What came of a build.
   *
   * @param exported in the order of the exporters
   * @param provenance makes predicates by the keys of the result, the key being empty for a single
   *     one; called once, by any thread, while the build's job is open
   */
  record Results(
      java.util.List<dev.kiln.daemon.export.Exporter.Exported> exported,
      java.util.function.Supplier<java.util.Map<String, com.google.protobuf.ByteString>>
          provenance) {
    public Results {
      exported = java.util.List.copyOf(exported);
    }
  }
}
