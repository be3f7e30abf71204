package dev.kiln.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Builds cases on one daemon through {@code buildctl}, every step anew: a step's cached result may
 * hold what an older daemon or another case made. Safe for use by several threads.
 *
 * @param program {@code buildctl}
 * @param address of the daemon
 * @param base OCI layout of the image {@code busybox}
 * @param baseDigest its manifest
 */
record Builder(Path program, String address, Path base, String baseDigest) {
  /** Many times what the slowest case takes; one that hangs must not stop all the others. */
  private static final int PATIENCE_SECONDS = 120;

  /**
   * Builds a case.
   *
   * @param folder the case's files; the client runs in it
   * @param scratch where files for the moment may be written
   */
  Outcome build(Case source, Path folder, Path scratch) throws IOException, InterruptedException {
    Path image = Files.createTempFile(scratch, "image", ".tar");
    Path log = Files.createTempFile(scratch, "log", ".txt");
    try {
      boolean built = run(command(source, image), folder, log);
      ClientOutput output = ClientOutput.read(Files.readAllLines(log));
      return new Outcome(
          built ? OciArchive.read(image) : List.of(),
          built ? List.of() : output.errors(),
          output.warnings(),
          output.steps());
    } finally {
      Files.delete(image);
      Files.delete(log);
    }
  }

  private List<String> command(Case source, Path image) {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--addr=" + address,
                "build",
                "--progress=rawjson",
                "--no-cache",
                "--frontend=dockerfile.v0",
                "--local=context=.",
                "--local=dockerfile=.",
                "--oci-layout=busybox=" + base,
                "--opt=context:busybox=oci-layout://busybox@" + baseDigest,
                "--output=type=oci,dest=" + image));
    command.addAll(source.options());
    return command;
  }

  private static boolean run(List<String> command, Path folder, Path log)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IOException("the build did not end in " + PATIENCE_SECONDS + " s");
    }
    return process.exitValue() == 0;
  }

  /** Asks the daemon for its workers once; whether there was an answer. */
  boolean answers() throws IOException, InterruptedException {
    return new ProcessBuilder(program.toString(), "--addr=" + address, "debug", "workers")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
