package dev.kiln.wire.error;

import com.google.protobuf.ByteString;
import dev.kiln.wire.errdefs.CompatibilityFeature;
import dev.kiln.wire.errdefs.ProvenanceMaterialsIncomplete;
import dev.kiln.wire.errdefs.Solve;
import java.util.List;

/**
 * A typed detail of an error, as it travels in {@code grpc-status-details-bin}: an {@code Any}
 * whose type URL is BuildKit's registered name and whose value is JSON. Immutable.
 */
public sealed interface ErrorDetail {

  /** The registered name. */
  String typeUrl();

  /** Which vertex failed, by its digest. */
  record Vertex(String digest) implements ErrorDetail {
    @Override
    public String typeUrl() {
      return TypeUrls.VERTEX;
    }
  }

  /** Where in which source text; clients print the excerpt if the text is within. */
  record Source(dev.kiln.wire.errdefs.Source source) implements ErrorDetail {
    @Override
    public String typeUrl() {
      return TypeUrls.SOURCE;
    }
  }

  /** The frontend that the error came through. */
  record Frontend(String name, String source) implements ErrorDetail {
    @Override
    public String typeUrl() {
      return TypeUrls.FRONTEND;
    }
  }

  /** A capability that the frontend was asked for and does not have. */
  record FrontendCap(String name) implements ErrorDetail {
    @Override
    public String typeUrl() {
      return TypeUrls.FRONTEND_CAP;
    }
  }

  /** A feature that needs another compatibility version. */
  record Compatibility(CompatibilityFeature feature) implements ErrorDetail {
    @Override
    public String typeUrl() {
      return TypeUrls.COMPATIBILITY_FEATURE;
    }
  }

  /** A subrequest that the frontend does not know. */
  record Subrequest(String name) implements ErrorDetail {
    @Override
    public String typeUrl() {
      return TypeUrls.SUBREQUEST;
    }
  }

  /** The failed op with the ids of its inputs and mounts, for a debugging container. */
  record FailedSolve(Solve solve) implements ErrorDetail {
    @Override
    public String typeUrl() {
      return TypeUrls.SOLVE;
    }
  }

  /** Sources that provenance could not pin down. */
  record Provenance(ProvenanceMaterialsIncomplete materials) implements ErrorDetail {
    @Override
    public String typeUrl() {
      return TypeUrls.PROVENANCE_MATERIALS_INCOMPLETE;
    }
  }

  /** How a process ended; {@code error} is empty if the code says it all. */
  record Exit(int code, String error) implements ErrorDetail {
    @Override
    public String typeUrl() {
      return TypeUrls.EXIT_MESSAGE;
    }
  }

  /** A source that the session's policy denied; {@code action} is the number of PolicyAction. */
  record PolicyDecision(int action, List<String> denyMessages) implements ErrorDetail {
    public PolicyDecision {
      denyMessages = List.copyOf(denyMessages);
    }

    @Override
    public String typeUrl() {
      return TypeUrls.POLICY_DECISION;
    }
  }

  /** A detail of another type, passed on as it came. */
  record Other(String typeUrl, ByteString value) implements ErrorDetail {}
}
