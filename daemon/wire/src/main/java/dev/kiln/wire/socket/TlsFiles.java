package dev.kiln.wire.socket;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * PEM files of one side of a TLS connection.
 *
 * <p>On a server, certificate and key are required, and an authority turns on the check of client
 * certificates. On a client, the authority replaces the system's, and certificate and key are what
 * it shows when asked.
 */
public record TlsFiles(@Nullable Path authority, @Nullable Path certificate, @Nullable Path key) {

  SslContext forServer() throws SSLException {
    Path cert = certificate;
    Path privateKey = key;
    if (cert == null || privateKey == null) {
      throw new IllegalArgumentException(
          "could not set up TLS: a server needs both a certificate and a key");
    }
    SslContextBuilder builder = SslContextBuilder.forServer(cert.toFile(), privateKey.toFile());
    if (authority != null) {
      builder.trustManager(authority.toFile()).clientAuth(ClientAuth.REQUIRE);
    }
    return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
  }

  SslContext forClient() throws SSLException {
    SslContextBuilder builder = SslContextBuilder.forClient();
    if (authority != null) {
      builder.trustManager(authority.toFile());
    }
    if (certificate != null && key != null) {
      builder.keyManager(certificate.toFile(), key.toFile());
    }
    return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
  }
}
