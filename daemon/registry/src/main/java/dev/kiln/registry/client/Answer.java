package dev.kiln.registry.client;

import dev.kiln.registry.host.Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;

/**
 * What a server answered.
 *
 * @param server the registry's server that was asked
 * @param uri the address that answered in the end, after redirects
 * @param body open; reading it may block and fail
 */
record Answer(Server server, URI uri, int status, HttpHeaders headers, InputStream body)
    implements AutoCloseable {
  /** A header, or the empty string. */
  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** The body's length in bytes, or -1 if the server does not say. */
  long length() {
    return headers.firstValueAsLong("Content-Length").orElse(-1);
  }

  /** The media type without parameters; empty if the server does not say. */
  String mediaType() {
    String type = header("Content-Type");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip();
  }

  /**
   * The whole body.
   *
   * @throws IOException if it is longer than allowed or breaks off
   */
  byte[] bytes(int maxBytes) throws IOException {
    byte[] bytes = body.readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new IOException(
          "the answer of " + server.host() + " is longer than " + maxBytes + " bytes");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
