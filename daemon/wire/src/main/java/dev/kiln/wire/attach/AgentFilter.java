package dev.kiln.wire.attach;

import dev.kiln.wire.stream.ChunkInputStream;
import dev.kiln.wire.stream.MessageStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/**
 * Passes an SSH agent's protocol on, but only what uses its keys: listing them and signing. Adding,
 * removing, locking and extensions get the protocol's failure message.
 *
 * <p>The protocol is strict question and answer, each a 32-bit length, a type byte and a body
 * (draft-miller-ssh-agent).
 */
final class AgentFilter {
  private static final int REQUEST_IDENTITIES = 11;
  private static final int SIGN_REQUEST = 13;
  private static final byte[] FAILURE = {0, 0, 0, 1, 5};

  /** OpenSSH's own limit for one agent message. */
  private static final int MAX_MESSAGE_BYTES = 256 << 10;

  private final SocketChannel agent;
  private final MessageStream<byte[], byte[]> client;

  AgentFilter(SocketChannel agent, MessageStream<byte[], byte[]> client) {
    this.agent = agent;
    this.client = client;
  }

  /** Answers until the client ends; closes the agent's socket. */
  void run() throws IOException {
    InputStream requests = new ChunkInputStream(client);
    try (agent) {
      DataInputStream fromAgent = new DataInputStream(Channels.newInputStream(agent));
      DataInputStream fromClient = new DataInputStream(requests);
      while (true) {
        int first = fromClient.read();
        if (first < 0) {
          return;
        }
        byte[] request = message(first, fromClient);
        int type = request.length > 4 ? request[4] : 0;
        if (type != REQUEST_IDENTITIES && type != SIGN_REQUEST) {
          client.send(FAILURE);
          continue;
        }
        ByteBuffer rest = ByteBuffer.wrap(request);
        while (rest.hasRemaining()) {
          agent.write(rest);
        }
        client.send(message(fromAgent.readUnsignedByte(), fromAgent));
      }
    }
  }

  /** The message whose first byte was read already, with its length in front. */
  private static byte[] message(int first, DataInputStream in) throws IOException {
    int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
    if (length < 1 || length > MAX_MESSAGE_BYTES) {
      throw new IOException("an SSH agent's message of " + length + " bytes is out of range");
    }
    byte[] message = new byte[4 + length];
    ByteBuffer.wrap(message).putInt(length);
    in.readFully(message, 4, length);
    return message;
  }
}
