package dev.kiln.cli.engine;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/** An engine by its API on a Unix socket (Docker Engine API, "ImageLoad" and "SystemInfo"). */
final class ApiEngine implements DockerEngine {
  /** How an engine that keeps images with containerd names its driver. */
  static final String CONTAINERD_STORE = "io.containerd.snapshotter.v1";

  private static final int BUFFER_BYTES = 128 << 10;

  private final Path socket;

  ApiEngine(Path socket) {
    this.socket = socket;
  }

  private SocketChannel connect() throws IOException {
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new IOException(
          "could not connect to the Docker engine at " + socket + ": " + e.getMessage(), e);
    }
  }

  @Override
  public boolean takesLists() throws IOException {
    try (SocketChannel channel = connect()) {
      Channels.newOutputStream(channel)
          .write(
              "GET /info HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      HttpAnswer answer = HttpAnswer.read(Channels.newInputStream(channel));
      String body = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
      if (answer.status() / 100 != 2) {
        throw new IOException(
            "the Docker engine at "
                + socket
                + " answered "
                + answer.status()
                + ": "
                + body.strip());
      }
      JsonNode status = JsonMapper.shared().readTree(body).path("DriverStatus");
      return status.toString().contains(CONTAINERD_STORE);
    } catch (JacksonException e) {
      throw new IOException(
          "the Docker engine at " + socket + " sent no JSON: " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public Loading load() throws IOException {
    SocketChannel channel = connect();
    OutputStream out = Channels.newOutputStream(channel);
    out.write(
        String.join(
                "\r\n",
                "POST /images/load?quiet=0 HTTP/1.1",
                "Host: docker",
                "Connection: close",
                "Content-Type: application/x-tar",
                "Transfer-Encoding: chunked",
                "",
                "")
            .getBytes(StandardCharsets.US_ASCII));
    return new ApiLoading(channel, new BufferedOutputStream(new Chunked(out), BUFFER_BYTES));
  }

  private record ApiLoading(SocketChannel channel, OutputStream archive) implements Loading {
    @Override
    public void await(LoadListener listener) throws IOException {
      try (channel) {
        HttpAnswer answer = HttpAnswer.read(Channels.newInputStream(channel));
        if (answer.status() / 100 != 2) {
          String body = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
          throw new IOException("the engine answered " + answer.status() + ": " + body.strip());
        }
        try (MappingIterator<JsonNode> lines =
            JsonMapper.shared().readerFor(JsonNode.class).readValues(answer.body())) {
          while (lines.hasNext()) {
            report(lines.next(), listener);
          }
        }
      } catch (JacksonException e) {
        throw new IOException("the engine sent no JSON: " + e.getOriginalMessage(), e);
      }
    }

    private static void report(JsonNode line, LoadListener listener) throws IOException {
      String error = line.path("error").asString("");
      if (!error.isEmpty()) {
        throw new IOException(error);
      }
      JsonNode detail = line.path("progressDetail");
      String id = line.path("id").asString("");
      if (!id.isEmpty() && detail.path("total").asLong(0) > 0) {
        listener.part(
            "loading layer " + id,
            detail.path("current").asLong(0),
            detail.path("total").asLong(0));
      }
    }

    @Override
    public void abort() {
      try {
        channel.close();
      } catch (IOException e) {
        // Nobody waits for this engine's answer any more.
      }
    }
  }

  /** Chunks of a request's body (RFC 9112, section 7.1). */
  private static final class Chunked extends OutputStream {
    private final OutputStream out;
    private boolean closed;

    Chunked(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      if (count > 0) {
        ascii(Integer.toHexString(count) + "\r\n");
        out.write(bytes, offset, count);
        ascii("\r\n");
      }
    }

    private void ascii(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        ascii("0\r\n\r\n");
      }
    }
  }
}
