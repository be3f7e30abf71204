package dev.kiln.wire.transfer;

import com.google.protobuf.ByteString;
import dev.kiln.snapshotter.linux.FileWorkers;
import dev.kiln.wire.Limits;
import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.fsutil.Packet.PacketType;
import dev.kiln.wire.fsutil.Stat;
import dev.kiln.wire.stream.MessageStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Receives a tree into a directory. The calling thread takes packets and changes directories;
 * another asks for contents, so that asking never keeps this side from taking; workers write files.
 * Used once.
 */
public final class TreeReceiver {
  /** Files that were asked for and are not complete. */
  private static final int MAX_OPEN_REQUESTS = 256;

  /** Once no more may be asked for, so many must be complete before the next is. */
  private static final int REQUEST_BURST = 64;

  /** Bytes that wait for workers; the sender waits beyond that. More than one message can hold. */
  private static final int MAX_WAITING_BYTES = Limits.MESSAGE_BYTES + (4 << 20);

  /** Ends the asking. */
  private static final int END = -1;

  private final ReceiveOptions options;
  private final MessageStream<Packet, Packet> stream;
  private final String root;
  private final ReceivedTree tree;
  private final @Nullable MetadataLog metadata;
  private final EntryOrder order = new EntryOrder();
  private final Failure failure;
  private final FileWorkers.Batch workers = FileWorkers.batch();
  private final Map<Integer, IncomingFile> incoming = new ConcurrentHashMap<>();
  private final BlockingQueue<Integer> requests = new LinkedBlockingQueue<>();
  private final Semaphore openRequests = new Semaphore(MAX_OPEN_REQUESTS);
  private final Semaphore waitingBytes = new Semaphore(MAX_WAITING_BYTES);
  private int nextId;
  private boolean allEntries;
  private boolean finished;
  private long bytes;

  private TreeReceiver(MessageStream<Packet, Packet> stream, Path directory, ReceiveOptions options)
      throws IOException {
    this.stream = stream;
    this.options = options;
    String path = directory.toRealPath().toString();
    this.root = path.equals("/") ? "" : path;
    this.tree = new ReceivedTree(root, options);
    this.metadata = options.metadataOnly() == null ? null : new MetadataLog(options.metadataOnly());
    this.failure = new Failure(stream);
  }

  /**
   * Receives, and returns when all is written and the sender has ended the stream.
   *
   * @param directory an existing directory; its own attributes stay
   * @throws IOException with the sender's error, when the sender breaks the protocol, or when files
   *     cannot be written; the directory then holds something between before and after
   */
  public static void receive(
      MessageStream<Packet, Packet> stream, Path directory, ReceiveOptions options)
      throws IOException {
    new TreeReceiver(stream, directory, options).run();
  }

  private void run() throws IOException {
    Thread requester = failure.start("requests", this::request);
    try {
      takePackets();
    } catch (IOException | RuntimeException e) {
      failure.report(e);
    } finally {
      requests.add(END);
      openRequests.release(MAX_OPEN_REQUESTS);
      failure.join(requester);
      workers.await();
      options.progress().transferred(bytes, true);
    }
    failure.rethrow();
  }

  private void request() throws IOException {
    try {
      for (int id = requests.take(); id != END; id = requests.take()) {
        if (openRequests.availablePermits() == 0) {
          // A burst later costs less than a message and two thread switches for each file.
          openRequests.acquire(REQUEST_BURST);
          openRequests.release(REQUEST_BURST);
        }
        openRequests.acquire();
        failure.check();
        stream.send(Packet.newBuilder().setType(PacketType.PACKET_REQ).setID(id).build());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void takePackets() throws IOException {
    for (Packet packet = stream.receive(); packet != null; packet = stream.receive()) {
      failure.check();
      bytes += packet.getSerializedSize();
      options.progress().transferred(bytes, false);
      switch (packet.getType()) {
        case PACKET_STAT -> {
          if (packet.hasStat()) {
            entry(packet.getStat());
          } else {
            allEntries = true;
            tree.end();
          }
          finishIfComplete();
        }
        case PACKET_DATA -> {
          data(packet.getID(), packet.getData());
          finishIfComplete();
        }
        case PACKET_ERR ->
            throw Failure.ofPeer("error from sender: " + packet.getData().toStringUtf8());
        case PACKET_FIN -> {
          awaitEnd();
          return;
        }
        default -> {}
      }
    }
    throw new IOException("the sender left before the transfer was over");
  }

  private void awaitEnd() {
    while (stream.receive() != null) {}
  }

  private void entry(Stat sent) throws IOException {
    if (metadata != null && sent.getPath().equals(MetadataLog.NAME)) {
      return;
    }
    int id = nextId++;
    order.check(sent);
    if (metadata == null) {
      make(sent, id);
      return;
    }
    List<Stat> due = metadata.add(sent);
    for (int i = 0; i < due.size(); i++) {
      make(due.get(i), i == due.size() - 1 ? id : -1);
    }
  }

  private void make(Stat sent, int id) throws IOException {
    Stat stat = sent;
    if (options.owner() != null) {
      stat = sent.toBuilder().setUid(options.owner().uid()).setGid(options.owner().gid()).build();
    }
    ReceivedTree.Content content = tree.add(stat);
    if (content != ReceivedTree.Content.NOT_NEEDED) {
      incoming.put(
          id,
          new IncomingFile(
              stat,
              tree.onDisk(stat.getPath()),
              content == ReceivedTree.Content.FOR_FILE_THERE,
              options.listener(),
              waitingBytes::release));
      requests.add(id);
    }
  }

  private void data(int id, ByteString data) throws IOException {
    IncomingFile file = incoming.get(id);
    if (file == null) {
      throw new IOException("invalid file request " + Integer.toUnsignedString(id));
    }
    if (data.isEmpty()) {
      incoming.remove(id);
      openRequests.release();
      file.complete();
      callWorker(file, file.gathered < IncomingFile.GATHER_BYTES);
      return;
    }
    file.add(data);
    if (file.gathered >= IncomingFile.GATHER_BYTES) {
      callWorker(file, false);
    }
  }

  private void callWorker(IncomingFile file, boolean small) throws IOException {
    waitingBytes.acquireUninterruptibly(file.gathered);
    file.gathered = 0;
    // Otherwise the worker that has the file in hand writes this too.
    if (file.call()) {
      FileWorkers.Work work = () -> drain(file);
      if (small) {
        workers.addSmall(work);
      } else {
        workers.add(work);
      }
    }
  }

  private void drain(IncomingFile file) throws IOException {
    try {
      file.drain();
    } catch (IOException | RuntimeException | Error e) {
      failure.report(e);
      waitingBytes.release(MAX_WAITING_BYTES);
      throw e;
    }
  }

  private void finishIfComplete() throws IOException {
    if (!allEntries || !incoming.isEmpty() || finished) {
      return;
    }
    finished = true;
    workers.finish();
    tree.finish();
    if (metadata != null) {
      metadata.write(root);
    }
    stream.send(Packet.newBuilder().setType(PacketType.PACKET_FIN).build());
  }
}
