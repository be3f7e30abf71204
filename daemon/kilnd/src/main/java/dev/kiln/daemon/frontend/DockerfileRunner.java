package dev.kiln.daemon.frontend;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildServices;
import dev.kiln.daemon.failure.FrontendFailure;
import dev.kiln.daemon.worker.Worker;
import dev.kiln.dockerfile.DockerfileFrontend;
import dev.kiln.dockerfile.bridge.FrontendException;
import java.nio.file.Path;

/** Runs the built-in Dockerfile frontend inside the daemon. Safe for use by many threads. */
public final class DockerfileRunner implements BuildServices.FrontendRunner {
  private final DockerfileFrontend frontend = new DockerfileFrontend();
  private final Worker worker;
  private final Path mountFolder;

  public DockerfileRunner(Worker worker, Path mountFolder) {
    this.worker = worker;
    this.mountFolder = mountFolder;
  }

  @Override
  public BuildResult run(BuildBridge bridge, BuildBridge.Request request)
      throws InterruptedException {
    InProcessBridge inner = new InProcessBridge(bridge, request, worker, mountFolder);
    try {
      return BridgeValues.result(frontend.build(inner));
    } catch (FrontendException e) {
      throw new FrontendFailure(e);
    } catch (Interrupted e) {
      throw e.interruption();
    }
  }

  /** Carries an interruption through the frontend, whose calls throw nothing checked. */
  static final class Interrupted extends RuntimeException {
    private final InterruptedException interruption;

    Interrupted(InterruptedException interruption) {
      super(interruption.getMessage(), interruption);
      this.interruption = interruption;
    }

    InterruptedException interruption() {
      return interruption;
    }
  }
}
