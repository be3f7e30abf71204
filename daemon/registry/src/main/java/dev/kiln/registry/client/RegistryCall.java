package dev.kiln.registry.client;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One call of a registry's HTTP interface: what is sent, and how the answer is read. Source: OCI
 * distribution-spec. Calls are small immutable values; {@link HostCaller} sends them.
 *
 * @param <T> what the answer means
 */
interface RegistryCall<T> {
  /** {@code GET}, {@code HEAD}, {@code POST} or {@code PUT}. */
  String method();

  /** Where to, below the server's root. */
  Target target();

  /** What is tried, beginning with a verb: {@code resolve docker.io/library/alpine:latest}. */
  String purpose();

  /** What a 404 says is missing. */
  String subject();

  /** Media types to accept, the best first; empty for any. */
  default List<String> accept() {
    return List.of();
  }

  /** Further headers. */
  default Map<String, String> headers() {
    return Map.of();
  }

  /** What is sent. */
  default RequestBody body() {
    return RequestBody.NONE;
  }

  /** Whether the call may be sent again after a failure. */
  default boolean isRepeatable() {
    return true;
  }

  /**
   * Whether a refused connection is worth further attempts; where other hosts or a quick answer
   * matter more, it is not.
   */
  default boolean outlastsRefusedConnections() {
    return true;
  }

  /** Whether {@link #read} understands an answer with this status; all others become exceptions. */
  boolean accepts(int status);

  /**
   * Reads an answer that was accepted. The caller closes the body afterwards, unless {@link
   * #keepsBody} holds.
   *
   * @throws IOException if the body breaks off or is not what it must be
   */
  T read(Answer answer) throws IOException;

  /** Whether what {@link #read} returns goes on reading the body and closes it. */
  default boolean keepsBody() {
    return false;
  }
}
