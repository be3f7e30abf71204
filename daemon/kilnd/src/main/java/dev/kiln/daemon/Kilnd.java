package dev.kiln.daemon;

import dev.kiln.daemon.config.ConfigException;
import dev.kiln.daemon.config.ConfigLoader;
import dev.kiln.daemon.config.KilndConfig;
import dev.kiln.daemon.config.Launch;
import dev.kiln.daemon.state.Metadata;
import dev.kiln.daemon.worker.Version;
import dev.kiln.snapshotter.linux.CFunction;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon's entry point. */
public final class Kilnd {
  /** How long running builds may go on after the daemon was told to stop. */
  private static final Duration DRAIN = Duration.ofSeconds(3);

  /** How long stopping may take in all, before what hangs is left behind. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

  private static final int EXIT_USAGE = 2;

  private Kilnd() {}

  /** Starts the daemon with the given command line; returns when it was told to stop. */
  public static void main(String[] args) throws InterruptedException {
    String program = System.getProperty("kiln.name", "kilnd");
    try {
      switch (ConfigLoader.load(program, args, System.getenv())) {
        case Launch.Run(KilndConfig config) -> {
          Metadata.prepare();
          CFunction.prepare();
          run(config);
        }
        case Launch.Help(String text) -> System.out.print(text);
        case Launch.Version() ->
            System.out.println(
                program
                    + " github.com/moby/buildkit "
                    + Version.PROTOCOL
                    + " kiln-"
                    + Version.KILN);
      }
    } catch (ConfigException e) {
      System.err.println(program + ": " + e.getMessage());
      System.exit(EXIT_USAGE);
    } catch (IOException e) {
      System.err.println(program + ": " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(KilndConfig config) throws IOException, InterruptedException {
    LogSetup.apply(config.log());
    Logger log = LoggerFactory.getLogger(Kilnd.class);
    config.notices().forEach(log::warn);
    Daemon daemon = Daemon.start(config);
    Thread onStop = Thread.ofPlatform().name("kilnd-stop").unstarted(() -> stop(daemon, log));
    try {
      Runtime.getRuntime().addShutdownHook(onStop);
    } catch (IllegalStateException e) {
      log.debug("told to stop while starting", e);
      stop(daemon, log);
      return;
    }
    log.info("running, listening on {}", daemon.addresses());
    HeapTrim.start();
    if (config.idleTimeout().isPositive()) {
      Thread.ofPlatform().name("kilnd-idle").daemon().start(() -> endWhenIdle(daemon, config, log));
    }
    daemon.awaitStop();
  }

  private static void endWhenIdle(Daemon daemon, KilndConfig config, Logger log) {
    try {
      daemon.idle().await(config.idleTimeout());
      log.info("nobody called for {}", config.idleTimeout());
      System.exit(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stop(Daemon daemon, Logger log) {
    log.info("stopping");
    Thread.ofPlatform().daemon().name("kilnd-stop-limit").start(() -> endAtLimit(log));
    try {
      daemon.stop(DRAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.error("could not stop cleanly", e);
    }
  }

  /**
   * The state survives a hard end like a power cut, so a part that hangs need not be waited for.
   */
  private static void endAtLimit(Logger log) {
    try {
      Thread.sleep(STOP_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.error("could not stop within {} s, ending anyway", STOP_LIMIT.toSeconds());
    Runtime.getRuntime().halt(1);
  }
}
