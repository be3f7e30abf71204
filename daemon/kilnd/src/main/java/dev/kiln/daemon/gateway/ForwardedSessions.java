package dev.kiln.daemon.gateway;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Finds the session of a frontend inside a client by the build id of the call. */
public final class ForwardedSessions implements BridgeService.SessionLookup {
  private final Waiting builds;

  /** Waits for builds, since a frontend's first call may overtake the request of its build. */
  @FunctionalInterface
  public interface Waiting {
    /**
     * The frontend session of a build.
     *
     * @throws StatusRuntimeException NOT_FOUND when there is none in time
     */
    FrontendSession awaitFrontend(String ref) throws InterruptedException;
  }

  public ForwardedSessions(Waiting builds) {
    this.builds = builds;
  }

  @Override
  public FrontendSession current(String method) {
    try {
      return builds.awaitFrontend(BuildIdInterceptor.current(method));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("context canceled").asRuntimeException();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        throw Status.NOT_FOUND
            .withDescription("forwarding " + method + ": " + e.getStatus().getDescription())
            .asRuntimeException();
      }
      throw e;
    }
  }
}
