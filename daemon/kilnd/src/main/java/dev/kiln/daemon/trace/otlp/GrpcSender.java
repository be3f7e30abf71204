package dev.kiln.daemon.trace.otlp;

import dev.kiln.wire.socket.Address;
import dev.kiln.wire.socket.KilnChannel;
import dev.kiln.wire.socket.TlsFiles;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** OTLP/gRPC. */
final class GrpcSender implements Sender {
  /** OTLP specification, "Failures" of OTLP/gRPC. */
  private static final Set<Status.Code> PASSING =
      Set.of(
          Status.Code.CANCELLED,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.ABORTED,
          Status.Code.OUT_OF_RANGE,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);

  private final OtlpSettings settings;
  private final Metadata headers = new Metadata();
  private @Nullable ManagedChannel channel;

  GrpcSender(OtlpSettings settings) {
    this.settings = settings;
    settings
        .headers()
        .forEach(
            (name, value) ->
                headers.put(
                    Metadata.Key.of(
                        name.toLowerCase(Locale.ROOT), Metadata.ASCII_STRING_MARSHALLER),
                    value));
  }

  @Override
  public ExportTraceServiceResponse send(ExportTraceServiceRequest request)
      throws SendException, InterruptedException {
    try {
      var stub =
          TraceServiceGrpc.newBlockingStub(channel())
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .withDeadlineAfter(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
      return (settings.gzip() ? stub.withCompression("gzip") : stub).export(request);
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new SendException(reason(e), PASSING.contains(e.getStatus().getCode()), e);
    } catch (SSLException e) {
      throw new SendException("the TLS files cannot be used: " + e.getMessage(), false, e);
    }
  }

  /** One line with what the transport says at the bottom, such as a refused connection. */
  private static String reason(StatusRuntimeException failure) {
    Throwable bottom = failure.getCause();
    while (bottom != null && bottom.getCause() != null) {
      bottom = bottom.getCause();
    }
    String text = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return bottom == null ? text : text + ": " + bottom.getMessage();
  }

  private ManagedChannel channel() throws SSLException {
    ManagedChannel open = channel;
    if (open == null) {
      open = KilnChannel.open(address(settings.endpoint()), tls(), null);
      channel = open;
    }
    return open;
  }

  private static Address address(URI endpoint) {
    return endpoint.getScheme().equals("unix")
        ? new Address.Unix(Path.of(endpoint.getPath()))
        : new Address.Tcp(withoutBrackets(endpoint.getHost()), endpoint.getPort());
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private @Nullable TlsFiles tls() {
    if (!settings.endpoint().getScheme().equals("https")) {
      return null;
    }
    return new TlsFiles(
        settings.authority().orElse(null),
        settings.identity().map(OtlpSettings.Identity::certificate).orElse(null),
        settings.identity().map(OtlpSettings.Identity::key).orElse(null));
  }

  @Override
  public void close() {
    if (channel != null) {
      channel.shutdownNow();
    }
  }
}
