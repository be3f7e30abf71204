package dev.kiln.wire.testing;

import com.google.protobuf.ByteString;
import dev.kiln.wire.caps.Capabilities;
import dev.kiln.wire.caps.StandardServices;
import dev.kiln.wire.control.BuildHistoryEvent;
import dev.kiln.wire.control.BuildHistoryRequest;
import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.control.InfoRequest;
import dev.kiln.wire.control.InfoResponse;
import dev.kiln.wire.control.ListWorkersRequest;
import dev.kiln.wire.control.ListWorkersResponse;
import dev.kiln.wire.control.SolveRequest;
import dev.kiln.wire.control.SolveResponse;
import dev.kiln.wire.control.StatusRequest;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.error.ErrorStatus;
import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.gateway.LLBBridgeGrpc;
import dev.kiln.wire.gateway.PingRequest;
import dev.kiln.wire.gateway.PongResponse;
import dev.kiln.wire.gateway.Result;
import dev.kiln.wire.gateway.ReturnRequest;
import dev.kiln.wire.gateway.ReturnResponse;
import dev.kiln.wire.session.RemoteFiles;
import dev.kiln.wire.session.SessionRegistry;
import dev.kiln.wire.socket.Address;
import dev.kiln.wire.socket.KilnServer;
import dev.kiln.wire.stream.MessageStream;
import dev.kiln.wire.types.WorkerRecord;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A daemon that does what real clients need to get through a build, and instead of building fetches
 * the local directory {@code context} through the session.
 */
public final class FakeDaemon implements AutoCloseable {
  public final SessionRegistry sessions = new SessionRegistry();
  public final Map<String, Map<String, ByteString>> received = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> returns = new ConcurrentHashMap<>();
  private final KilnServer server;

  /** The session of the build that is on its way, once its Solve has come. */
  private final BlockingQueue<String> session = new ArrayBlockingQueue<>(1);

  public FakeDaemon(Path socket) throws IOException {
    var builder =
        KilnServer.builder()
            .listen(new Address.Unix(socket))
            .service(sessions.serve(new Control().bindService()))
            .service(new Bridge())
            .service(StandardServices.health());
    StandardServices.reflection().forEach(builder::service);
    server = builder.start();
  }

  /** Serves until killed: {@code FakeDaemon <socket>}. */
  public static void main(String[] args) throws Exception {
    try (FakeDaemon daemon = new FakeDaemon(Path.of(args[0]))) {
      daemon.server.awaitTermination();
    }
  }

  @Override
  public void close() {
    sessions.close();
    server.close();
  }

  /** Receives every file of a directory as the simplest possible receiver. */
  public static Map<String, ByteString> fetch(MessageStream<Packet, Packet> stream) {
    Map<String, ByteString> files = new TreeMap<>();
    Map<Integer, String> names = new TreeMap<>();
    int id = 0;
    boolean listed = false;
    try (stream) {
      while (true) {
        if (listed && names.isEmpty()) {
          stream.send(Packet.newBuilder().setType(Packet.PacketType.PACKET_FIN).build());
          listed = false;
        }
        Packet packet = stream.receive();
        if (packet == null) {
          return files;
        }
        switch (packet.getType()) {
          case PACKET_STAT -> {
            if (!packet.hasStat()) {
              listed = true;
            } else if (packet.getStat().getMode() >>> 20 == 0) {
              names.put(id, packet.getStat().getPath());
              files.put(packet.getStat().getPath(), ByteString.EMPTY);
              stream.send(
                  Packet.newBuilder().setType(Packet.PacketType.PACKET_REQ).setID(id++).build());
            } else {
              id++;
            }
          }
          case PACKET_DATA -> {
            if (packet.getData().isEmpty()) {
              names.remove(packet.getID());
            } else {
              files.merge(names.get(packet.getID()), packet.getData(), ByteString::concat);
            }
          }
          case PACKET_FIN -> stream.closeSend();
          default -> throw new IllegalStateException(packet.toString());
        }
      }
    }
  }

  private final class Control extends ControlGrpc.ControlImplBase {
    @Override
    public void listWorkers(
        ListWorkersRequest request, StreamObserver<ListWorkersResponse> response) {
      WorkerRecord worker =
          WorkerRecord.newBuilder()
              .setID("fake")
              .addPlatforms(
                  dev.kiln.solver.pb.Platform.newBuilder().setOS("linux").setArchitecture("amd64"))
              .build();
      response.onNext(ListWorkersResponse.newBuilder().addRecord(worker).build());
      response.onCompleted();
    }

    @Override
    public void info(InfoRequest request, StreamObserver<InfoResponse> response) {
      response.onNext(InfoResponse.getDefaultInstance());
      response.onCompleted();
    }

    @Override
    public void listenBuildHistory(
        BuildHistoryRequest request, StreamObserver<BuildHistoryEvent> response) {
      response.onCompleted();
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> response) {
      await(request.getRef());
      response.onCompleted();
    }

    @Override
    public void solve(SolveRequest request, StreamObserver<SolveResponse> response) {
      try {
        CountDownLatch done = latch(request.getRef());
        session.clear();
        session.add(request.getSession());
        if (request.hasDefinition()) {
          received.put(request.getRef(), pull());
          done.countDown();
        }
        await(request.getRef());
        response.onNext(SolveResponse.getDefaultInstance());
        response.onCompleted();
      } catch (RuntimeException e) {
        response.onError(ErrorStatus.of(e));
      }
    }

    private void await(String ref) {
      try {
        latch(ref).await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private final class Bridge extends LLBBridgeGrpc.LLBBridgeImplBase {
    @Override
    public void ping(PingRequest request, StreamObserver<PongResponse> response) {
      response.onNext(
          PongResponse.newBuilder()
              .addAllFrontendAPICaps(Capabilities.enabled(Capabilities.GATEWAY))
              .addAllLLBCaps(Capabilities.enabled(Capabilities.LLB))
              .addWorkers(WorkerRecord.newBuilder().setID("fake"))
              .build());
      response.onCompleted();
    }

    @Override
    public void solve(
        dev.kiln.wire.gateway.SolveRequest request,
        StreamObserver<dev.kiln.wire.gateway.SolveResponse> response) {
      try {
        received.put("bridge", pull());
        response.onNext(
            dev.kiln.wire.gateway.SolveResponse.newBuilder()
                .setResult(Result.getDefaultInstance())
                .build());
        response.onCompleted();
      } catch (RuntimeException e) {
        response.onError(ErrorStatus.of(e));
      }
    }

    @Override
    public void return_(ReturnRequest request, StreamObserver<ReturnResponse> response) {
      returns.values().forEach(CountDownLatch::countDown);
      response.onNext(ReturnResponse.getDefaultInstance());
      response.onCompleted();
    }
  }

  private CountDownLatch latch(String ref) {
    return returns.computeIfAbsent(ref, _ -> new CountDownLatch(1));
  }

  /** A frontend's calls may overtake the Solve of their build. */
  private String awaitSession() {
    try {
      String id = session.poll(1, TimeUnit.MINUTES);
      return id == null ? "" : id;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private Map<String, ByteString> pull() {
    var request = new RemoteFiles.Request("context", List.of(), List.of(), List.of());
    return fetch(new RemoteFiles(sessions.get(awaitSession())).diffCopy(request));
  }
}
