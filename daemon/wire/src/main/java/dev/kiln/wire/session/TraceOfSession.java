package dev.kiln.wire.session;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.List;

/**
 * Calls of a client belong to the trace in which it opened its session (W3C Trace Context);
 * otherwise the client would begin a trace for each of them. Stateless.
 */
final class TraceOfSession {
  private static final List<Metadata.Key<String>> HEADERS =
      List.of(
          Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
          Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER));

  private TraceOfSession() {}

  /** The same channel with what the headers of the session say of a trace on each call. */
  static Channel on(Channel channel, Metadata session) {
    Metadata trace = new Metadata();
    for (Metadata.Key<String> header : HEADERS) {
      String value = session.get(header);
      if (value != null) {
        trace.put(header, value);
      }
    }
    return trace.keys().isEmpty()
        ? channel
        : ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(trace));
  }
}
