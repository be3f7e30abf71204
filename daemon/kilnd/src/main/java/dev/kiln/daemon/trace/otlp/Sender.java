package dev.kiln.daemon.trace.otlp;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;

/** Hands requests to one collector. For one thread. */
interface Sender extends AutoCloseable {
  /**
   * Sends one request and waits for the answer.
   *
   * @throws SendException when the collector did not take it
   */
  ExportTraceServiceResponse send(ExportTraceServiceRequest request)
      throws SendException, InterruptedException;

  @Override
  void close();

  /** The sender for a configured collector; it dials with the first request. */
  static Sender of(OtlpSettings settings) {
    return switch (settings.protocol()) {
      case GRPC -> new GrpcSender(settings);
      case HTTP_PROTOBUF -> new HttpSender(settings);
    };
  }
}
