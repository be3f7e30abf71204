package dev.kiln.wire.stream;

import dev.kiln.wire.Limits;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** Copies bytes between a socket and a call, both ways. */
public final class SocketBridge {
  private SocketBridge() {}

  /**
   * Joins them until both directions have ended, and closes the socket. The end of one direction is
   * passed on as a half-close.
   *
   * @throws IOException if the socket or the call fails
   */
  public static void join(SocketChannel socket, MessageStream<byte[], byte[]> call)
      throws IOException {
    Thread outward = Thread.ofVirtual().name("kiln-bridge").start(() -> fromSocket(socket, call));
    try (socket) {
      for (byte[] chunk = call.receive(); chunk != null; chunk = call.receive()) {
        ByteBuffer rest = ByteBuffer.wrap(chunk);
        while (rest.hasRemaining()) {
          socket.write(rest);
        }
      }
      socket.shutdownOutput();
      outward.join();
    } catch (StatusRuntimeException e) {
      throw new IOException("could not forward a connection: " + e.getStatus().getDescription(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("could not forward a connection: interrupted", e);
    } finally {
      call.close();
    }
  }

  private static void fromSocket(SocketChannel socket, MessageStream<byte[], byte[]> call) {
    ByteBuffer buffer = ByteBuffer.allocate(Limits.CHUNK_BYTES);
    try {
      while (socket.read(buffer.clear()) >= 0) {
        if (buffer.position() > 0) {
          call.send(Arrays.copyOf(buffer.array(), buffer.position()));
        }
      }
      call.closeSend();
    } catch (IOException | StatusRuntimeException e) {
      call.close();
    }
  }
}
