package dev.kiln.daemon.trace.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** OTLP/HTTP with binary bodies. */
final class HttpSender implements Sender {
  /** OTLP specification, "Retryable Response Codes". */
  private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

  private static final int OK = 200;

  private final OtlpSettings settings;
  private @Nullable HttpClient client;

  HttpSender(OtlpSettings settings) {
    this.settings = settings;
  }

  @Override
  public ExportTraceServiceResponse send(ExportTraceServiceRequest request)
      throws SendException, InterruptedException {
    HttpResponse<byte[]> response = exchange(request.toByteArray());
    int code = response.statusCode();
    if (code != OK) {
      throw new SendException("it answered " + code, PASSING.contains(code), null);
    }
    try {
      return ExportTraceServiceResponse.parseFrom(response.body());
    } catch (InvalidProtocolBufferException e) {
      // The spans were taken; how that is said does not matter.
      return ExportTraceServiceResponse.getDefaultInstance();
    }
  }

  private HttpResponse<byte[]> exchange(byte[] message) throws SendException, InterruptedException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(settings.endpoint())
              .timeout(settings.timeout())
              .header("Content-Type", "application/x-protobuf");
      settings.headers().forEach(request::setHeader);
      byte[] body = message;
      if (settings.gzip()) {
        request.header("Content-Encoding", "gzip");
        body = compressed(message);
      }
      request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
      return client().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new SendException(String.valueOf(e.getMessage()), false, e);
    } catch (IOException e) {
      String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new SendException(text, true, e);
    }
  }

  private static byte[] compressed(byte[] message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(message);
    }
    return out.toByteArray();
  }

  private HttpClient client() throws IOException, GeneralSecurityException {
    HttpClient open = client;
    if (open == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(settings.timeout());
      if (settings.authority().isPresent()) {
        builder.sslContext(trusting(settings.authority().get()));
      }
      open = builder.build();
      client = open;
    }
    return open;
  }

  private static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(authority)) {
      int index = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + index++, each);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Override
  public void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
