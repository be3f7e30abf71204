package dev.kiln.wire.socket;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The threads that move bytes for every socket and tunnel of the process, and the executor on which
 * calls are handled. Thread-safe; threads are daemons and live as long as the process.
 */
public final class EventLoops {
  private static final int THREADS = 2;

  private static final Attributes.Key<EventLoop> LOOP = Attributes.Key.create("kiln-event-loop");

  /** Logs a warning for every stream that was open when a client broke off; held, or it is lost. */
  private static final Logger STREAM_ERRORS = Logger.getLogger("io.grpc.netty.NettyServerHandler");

  static {
    STREAM_ERRORS.setLevel(Level.SEVERE);
  }

  private EventLoops() {}

  /** Whether sockets go through epoll; without its native library the JDK's selector serves. */
  static boolean epoll() {
    return Epoll.isAvailable();
  }

  /** The group that all channels register with. */
  public static EventLoopGroup shared() {
    return Loops.GROUP;
  }

  /**
   * Where to handle what comes out of a call's bytes: on the loop of the call's own connection, so
   * that no other thread is woken for each piece.
   *
   * @param attributes of a call to one of this process's servers
   */
  public static EventLoopGroup of(Attributes attributes) {
    EventLoop loop = attributes.get(LOOP);
    return loop == null ? shared() : loop;
  }

  /** Notes the loop that serves a connection; for servers that tunnels go through. */
  static ServerTransportFilter noting() {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        for (EventExecutor each : shared()) {
          if (each.inEventLoop() && each instanceof EventLoop loop) {
            return attributes.toBuilder().set(LOOP, loop).build();
          }
        }
        return attributes;
      }
    };
  }

  /** Runs each call's handler on a virtual thread of its own, so that handlers may block. */
  public static ExecutorService handlers() {
    return Handlers.EXECUTOR;
  }

  private static final class Loops {
    static final EventLoopGroup GROUP = create();

    private static EventLoopGroup create() {
      IoHandlerFactory factory =
          Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
      return new MultiThreadIoEventLoopGroup(
          THREADS, new DefaultThreadFactory("kiln-io", true), factory);
    }
  }

  private static final class Handlers {
    static final ExecutorService EXECUTOR =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kiln-call-", 0).factory());
  }
}
