package dev.kiln.compare;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A {@code kilnd} that runs for one comparison.
 *
 * @param process its process
 * @param address where it listens
 */
record OwnDaemon(Process process, String address) implements AutoCloseable {

  /**
   * Starts one.
   *
   * @param home laid-out Kiln
   * @param work folder for its state, socket and log
   */
  static OwnDaemon start(Path home, Path work) throws IOException {
    String address = "unix://" + work.resolve("kilnd.sock");
    Process process =
        new ProcessBuilder(
                home.resolve("bin/kilnd").toString(),
                "--root",
                work.resolve("root").toString(),
                "--addr",
                address)
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("kilnd.log").toFile())
            .start();
    return new OwnDaemon(process, address);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
