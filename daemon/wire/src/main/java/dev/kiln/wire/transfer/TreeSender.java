package dev.kiln.wire.transfer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.fsutil.Packet.PacketType;
import dev.kiln.wire.fsutil.Stat;
import dev.kiln.wire.stream.MessageStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sends a tree: all entries at once, and the contents of those files that the other side asks for,
 * several at a time. Used once, by one thread.
 */
public final class TreeSender {
  /** Files whose contents are sent at the same time. */
  private static final int PARALLEL_FILES = 4;

  private static final int CHUNK_BYTES = 128 << 10;
  private static final Request END = new Request(-1, "", 0);

  private final FileSource source;
  private final MessageStream<Packet, Packet> stream;
  private final TransferProgress progress;
  private final Map<Integer, Request> files = new ConcurrentHashMap<>();
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final Failure failure;
  private long bytes;

  private record Request(int id, String path, long size) {}

  private TreeSender(
      FileSource source, MessageStream<Packet, Packet> stream, TransferProgress progress) {
    this.source = source;
    this.stream = stream;
    this.progress = progress;
    this.failure = new Failure(stream);
  }

  /**
   * Sends, and returns when the receiver has all that it wants. The stream is left open in this
   * direction: a server ends it by returning, a client by closing it.
   *
   * @throws IOException when files cannot be read, or with the receiver's error
   */
  public static void send(
      FileSource source, MessageStream<Packet, Packet> stream, TransferProgress progress)
      throws IOException {
    new TreeSender(source, stream, progress).run();
  }

  private void run() throws IOException {
    Thread[] threads = new Thread[PARALLEL_FILES + 1];
    threads[0] = failure.start("walk", this::walk);
    for (int i = 1; i < threads.length; i++) {
      threads[i] = failure.start("contents", this::sendContents);
    }
    try {
      receive();
    } catch (IOException | RuntimeException e) {
      failure.report(e);
    } finally {
      requests.add(END);
      failure.join(threads);
      count(0, true);
    }
    failure.rethrow();
  }

  private void receive() throws IOException {
    while (true) {
      Packet packet = stream.receive();
      if (packet == null) {
        throw new IOException("the receiver left before the transfer was over");
      }
      switch (packet.getType()) {
        case PACKET_REQ -> {
          Request file = files.remove(packet.getID());
          if (file == null) {
            throw new IOException("invalid file id " + Integer.toUnsignedString(packet.getID()));
          }
          requests.add(file);
        }
        case PACKET_FIN -> {
          stream.send(Packet.newBuilder().setType(PacketType.PACKET_FIN).build());
          return;
        }
        case PACKET_ERR ->
            throw Failure.ofPeer("error from receiver: " + packet.getData().toStringUtf8());
        default -> {}
      }
    }
  }

  private void walk() throws IOException {
    int[] next = {0};
    source.walk(
        entry -> {
          failure.check();
          int id = next[0]++;
          if (GoMode.isRegular(entry.getMode())) {
            files.put(id, new Request(id, entry.getPath(), entry.getSize()));
          }
          send(Packet.newBuilder().setType(PacketType.PACKET_STAT).setStat(checked(entry)).build());
        });
    send(Packet.newBuilder().setType(PacketType.PACKET_STAT).build());
  }

  /** The wire has texts only; a name of other bytes cannot be told. */
  private static Stat checked(Stat entry) throws IOException {
    for (String text : new String[] {entry.getPath(), entry.getLinkname()}) {
      if (text.chars().anyMatch(c -> c >= 0xDC80 && c <= 0xDCFF) && hasLoneSurrogate(text)) {
        throw new IOException(
            "could not send \"" + entry.getPath() + "\": the name is not valid UTF-8; rename it");
      }
    }
    return entry;
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  private void sendContents() throws IOException {
    try {
      for (Request file = requests.take(); file.id() >= 0; file = requests.take()) {
        failure.check();
        sendContent(file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    // One end serves all threads.
    requests.add(END);
  }

  private void sendContent(Request file) throws IOException {
    try (FileSource.Content content = open(file.path())) {
      long left = file.size();
      boolean more = content != null;
      while (content != null && more) {
        // One byte more than is left, so that a short read tells the end.
        int room = (int) Math.min(CHUNK_BYTES, Math.max(left, 0) + 1);
        byte[] chunk = new byte[room];
        int n = content.read(chunk);
        if (n > 0) {
          byte[] full = n == room ? chunk : Arrays.copyOf(chunk, n);
          send(data(file.id(), UnsafeByteOperations.unsafeWrap(full)));
        }
        left -= n;
        more = n == room;
      }
    }
    send(data(file.id(), ByteString.EMPTY));
  }

  /** Null when the file cannot be opened: it then counts as empty. */
  private FileSource.@Nullable Content open(String path) {
    try {
      return source.open(path);
    } catch (IOException e) {
      return null;
    }
  }

  private static Packet data(int id, ByteString data) {
    return Packet.newBuilder().setType(PacketType.PACKET_DATA).setID(id).setData(data).build();
  }

  private void send(Packet packet) {
    stream.send(packet);
    count(packet.getSerializedSize(), false);
  }

  private synchronized void count(int more, boolean last) {
    bytes += more;
    progress.transferred(bytes, last);
  }
}
