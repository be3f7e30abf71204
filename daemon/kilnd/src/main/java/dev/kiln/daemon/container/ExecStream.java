package dev.kiln.daemon.container;

import dev.kiln.wire.gateway.ExecMessage;
import dev.kiln.wire.stream.MessageStream;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One stream of a frontend, over which all processes that it started in its containers are served
 * (gateway.md, section 3). For one thread.
 */
final class ExecStream {
  private final MessageStream<ExecMessage, ExecMessage> stream;
  private final Function<String, FrontendContainer> containers;
  private final Map<String, ContainerProcess> processes = new HashMap<>();

  /**
   * @param containers finds a container by the frontend's id, or throws NOT_FOUND
   */
  ExecStream(
      MessageStream<ExecMessage, ExecMessage> stream,
      Function<String, FrontendContainer> containers) {
    this.stream = stream;
    this.containers = containers;
  }

  /** Serves until the client has said all and all processes have ended. */
  void serve() throws InterruptedException {
    try {
      for (ExecMessage next = stream.receive(); next != null; next = stream.receive()) {
        accept(next);
      }
      for (ContainerProcess process : processes.values()) {
        process.awaitEnd();
      }
    } finally {
      processes.values().forEach(ContainerProcess::endInput);
    }
  }

  private void accept(ExecMessage message) throws InterruptedException {
    String id = message.getProcessID();
    if (id.isEmpty()) {
      throw status(Status.INVALID_ARGUMENT, "ProcessID required");
    }
    ContainerProcess process = processes.get(id);
    if (message.hasInit()) {
      if (process != null) {
        throw status(Status.ALREADY_EXISTS, "Process " + id + " already exists");
      }
      FrontendContainer container = containers.apply(message.getInit().getContainerID());
      processes.put(id, ContainerProcess.start(id, message.getInit(), container, stream));
      return;
    }
    if (process == null) {
      throw status(Status.NOT_FOUND, "IO for process \"" + id + "\" not found");
    }
    switch (message.getInputCase()) {
      case FILE -> process.input(message.getFile());
      case RESIZE -> process.resize(message.getResize().getCols(), message.getResize().getRows());
      case SIGNAL -> process.signal(message.getSignal().getName());
      default -> {} // the other messages go the other way
    }
  }

  static StatusRuntimeException status(Status status, String text) {
    return status.withDescription(text).asRuntimeException();
  }
}
