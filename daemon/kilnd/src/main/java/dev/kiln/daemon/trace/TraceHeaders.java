package dev.kiln.daemon.trace;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;

/** Remembers the place in a trace that a call came from, from its metadata. */
public final class TraceHeaders implements ServerInterceptor {
  private static final Metadata.Key<String> PARENT =
      Metadata.Key.of(TraceContext.PARENT, Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> STATE =
      Metadata.Key.of(TraceContext.STATE, Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<TraceContext> KEY = Context.key("kiln-trace");

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    String parent = headers.get(PARENT);
    Optional<TraceContext> caller =
        parent == null ? Optional.empty() : TraceContext.parse(parent, headers.get(STATE));
    return caller.isEmpty()
        ? next.startCall(call, headers)
        : Contexts.interceptCall(
            Context.current().withValue(KEY, caller.get()), call, headers, next);
  }

  /** Where the current call came from, if its caller said so. */
  public static Optional<TraceContext> current() {
    return Optional.ofNullable(KEY.get());
  }
}
