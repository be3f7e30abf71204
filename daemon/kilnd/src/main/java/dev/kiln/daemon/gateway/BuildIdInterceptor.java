package dev.kiln.daemon.gateway;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Remembers which build a call belongs to, from its metadata (gateway.md, section 2.1). */
public final class BuildIdInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("buildkit-controlapi-buildid", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> KEY = Context.key("kiln-build-id");

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    String id = headers.get(HEADER);
    return id == null
        ? next.startCall(call, headers)
        : Contexts.interceptCall(Context.current().withValue(KEY, id), call, headers, next);
  }

  /**
   * The build id of the current call.
   *
   * @param method name of the call, for the error text
   * @throws io.grpc.StatusRuntimeException when the call carries none
   */
  public static String current(String method) {
    @Nullable String id = KEY.get();
    if (id == null) {
      throw Status.UNKNOWN
          .withDescription("forwarding " + method + ": no buildid found in context")
          .asRuntimeException();
    }
    return id;
  }
}
