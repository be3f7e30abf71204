package dev.kiln.daemon.container;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import dev.kiln.executor.CancelledException;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ExitException;
import dev.kiln.executor.RunningProcess;
import dev.kiln.executor.Stdio;
import dev.kiln.wire.error.ErrorDetail;
import dev.kiln.wire.error.ErrorStatus;
import dev.kiln.wire.gateway.DoneMessage;
import dev.kiln.wire.gateway.ExecMessage;
import dev.kiln.wire.gateway.ExitMessage;
import dev.kiln.wire.gateway.FdMessage;
import dev.kiln.wire.gateway.InitMessage;
import dev.kiln.wire.gateway.StartedMessage;
import dev.kiln.wire.stream.MessageStream;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process of a frontend's container and its end of the stream: {@code Started} first, then what
 * it writes, then {@code Exit} and {@code Done}. Safe for use by many threads.
 */
final class ContainerProcess implements ContainerListener {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private final String id;
  private final InitMessage init;
  private final MessageStream<ExecMessage, ExecMessage> stream;
  private final @Nullable InputQueue input;
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch announced = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<Consumer<RunningProcess>> waiting = new ArrayList<>();
  private @Nullable RunningProcess running;

  private ContainerProcess(
      String id, InitMessage init, MessageStream<ExecMessage, ExecMessage> stream) {
    this.id = id;
    this.init = init;
    this.stream = stream;
    this.input = init.getFdsList().contains(STDIN) ? new InputQueue() : null;
  }

  /** Starts a process and goes on at once; what becomes of it is told on the stream. */
  static ContainerProcess start(
      String id,
      InitMessage init,
      FrontendContainer container,
      MessageStream<ExecMessage, ExecMessage> stream) {
    ContainerProcess process = new ContainerProcess(id, init, stream);
    FrontendContainer.Run run = container.begin(process.ended);
    Thread.ofVirtual().name("kiln-container-announce").start(process::announce);
    Thread.ofVirtual().name("kiln-container-process").start(() -> process.run(run));
    return process;
  }

  private void run(FrontendContainer.Run run) {
    ExitMessage exit;
    try {
      run.run(init, stdio(), this);
      exit = ExitMessage.getDefaultInstance();
    } catch (Exception e) {
      exit = exitOf(e);
    }
    started.countDown();
    if (input != null) {
      input.close();
    }
    try {
      announced.await();
      for (int fd : init.getFdsList()) {
        if (fd != STDIN) {
          send(message().setFile(FdMessage.newBuilder().setFd(fd).setEOF(true)));
        }
      }
      send(message().setExit(exit));
      send(message().setDone(DoneMessage.getDefaultInstance()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The client is gone, so nobody wants to know.
    } finally {
      ended.countDown();
    }
  }

  private static ExitMessage exitOf(Exception failure) {
    int code = failure instanceof ExitException exit ? exit.code() : ExitException.UNKNOWN;
    var status =
        switch (failure) {
          case ExitException _ ->
              ErrorStatus.of(
                  io.grpc.Status.Code.UNKNOWN,
                  String.valueOf(failure.getMessage()),
                  List.of(new ErrorDetail.Exit(code, "")));
          case CancelledException _ ->
              ErrorStatus.of(io.grpc.Status.Code.CANCELLED, "context canceled", List.of());
          default -> ErrorStatus.of(failure);
        };
    Status told = StatusProto.fromThrowable(status);
    return ExitMessage.newBuilder()
        .setCode(code)
        .setError(told == null ? Status.getDefaultInstance() : told)
        .build();
  }

  private Stdio stdio() {
    if (init.getTty()) {
      return new Stdio.Terminal(input, output(STDOUT), 0, 0);
    }
    return new Stdio.Streams(input, output(STDOUT), output(STDERR));
  }

  private OutputStream output(int fd) {
    return init.getFdsList().contains(fd) ? new Output(fd) : OutputStream.nullOutputStream();
  }

  @Override
  public void started(RunningProcess process) {
    List<Consumer<RunningProcess>> due;
    synchronized (waiting) {
      running = process;
      due = List.copyOf(waiting);
      waiting.clear();
    }
    due.forEach(action -> action.accept(process));
    started.countDown();
  }

  private void announce() {
    try {
      started.await();
      send(message().setStarted(StartedMessage.getDefaultInstance()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // Reported to whoever sends next.
    } finally {
      announced.countDown();
    }
  }

  private void whenRunning(Consumer<RunningProcess> action) {
    RunningProcess now;
    synchronized (waiting) {
      now = running;
      if (now == null) {
        waiting.add(action);
      }
    }
    if (now != null) {
      action.accept(now);
    }
  }

  void resize(int columns, int rows) {
    whenRunning(process -> process.resize(columns, rows));
  }

  void signal(String name) {
    int number = Signals.number(name);
    whenRunning(process -> process.signal(number));
  }

  /** Passes on what the client writes. */
  void input(FdMessage file) throws InterruptedException {
    InputQueue queue = input;
    if (file.getFd() != STDIN || queue == null) {
      throw ExecStream.status(
          io.grpc.Status.OUT_OF_RANGE, "fd " + file.getFd() + " unavailable to write");
    }
    queue.add(file.getData());
    if (file.getEOF()) {
      queue.end();
    }
  }

  /** Nothing more will be written by the client. */
  void endInput() {
    if (input != null) {
      input.end();
    }
  }

  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  private ExecMessage.Builder message() {
    return ExecMessage.newBuilder().setProcessID(id);
  }

  private void send(ExecMessage.Builder message) throws IOException {
    try {
      stream.send(message.build());
    } catch (io.grpc.StatusRuntimeException e) {
      throw new IOException("the client is gone", e);
    }
  }

  /** What the process writes to one descriptor, sent on once the client knows of the process. */
  private final class Output extends OutputStream {
    private final int fd;

    Output(int fd) {
      this.fd = fd;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        announced.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      ByteString data = ByteString.copyFrom(bytes, offset, length);
      send(message().setFile(FdMessage.newBuilder().setFd(fd).setData(data)));
    }
  }
}
