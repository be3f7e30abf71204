package dev.kiln.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs builds through {@code buildctl}. Safe for use by several threads. */
final class Client {
  /** Many times what the slowest case takes; a daemon that hangs must not stop all the others. */
  private static final int PATIENCE_SECONDS = 180;

  private final Path program;
  private final Path logs;

  /**
   * Makes a client.
   *
   * @param program {@code buildctl}
   * @param logs folder for the output of runs that fail
   */
  Client(Path program, Path logs) {
    this.program = program;
    this.logs = logs;
  }

  /**
   * Builds and waits.
   *
   * @param context folder with the Dockerfile, sent as the build context too
   * @param nonce value of the build argument NONCE; steps behind it run anew for a new value
   * @param output as {@code --output} takes it; empty for none
   * @return wall time in nanoseconds
   * @throws IOException when the build fails; the message has the end of its output
   */
  long build(Peer peer, Path context, String nonce, String output)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--addr",
                peer.address(),
                "build",
                "--progress=plain",
                "--frontend=dockerfile.v0",
                "--local=context=" + context,
                "--local=dockerfile=" + context,
                "--opt=build-arg:NONCE=" + nonce));
    if (!output.isEmpty()) {
      command.add("--output=" + output);
    }
    return run(command);
  }

  /** Asks for the workers once; whether there was an answer. */
  boolean answers(Peer peer) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(program.toString(), "--addr", peer.address(), "debug", "workers")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }

  private long run(List<String> command) throws IOException, InterruptedException {
    Path log = Files.createTempFile(logs, "build", ".log");
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IOException("the build did not end in " + PATIENCE_SECONDS + " s");
    }
    int code = process.exitValue();
    long took = System.nanoTime() - start;
    if (code != 0) {
      List<String> lines = Files.readAllLines(log);
      String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
      throw new IOException("could not build:\n" + end);
    }
    Files.delete(log);
    return took;
  }
}
