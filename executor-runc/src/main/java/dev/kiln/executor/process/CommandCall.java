package dev.kiln.executor.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * A short call of a program that takes and gives little text: less than a pipe holds (64 KiB) in
 * each direction, or the call would not end.
 */
public record CommandCall(Path program, List<String> args, List<String> env, String input) {
  private static final int MAX_INPUT_BYTES = 60 * 1024;

  /** What the program said. */
  public record Answer(int code, String output, String error) {}

  /** Runs the program and waits for its end. */
  public Answer run() throws IOException {
    List<String> all = new ArrayList<>(args.size() + 1);
    all.add(String.valueOf(program.getFileName()));
    all.addAll(args);
    try (Pipe in = Pipe.open();
        Pipe out = Pipe.open();
        Pipe err = Pipe.open()) {
      var standard = new ChildProcess.Standard(in.readEnd(), out.writeEnd(), err.writeEnd());
      ChildProcess child = ChildProcess.start(program.toString(), all, env, standard);
      in.readEnd().close();
      out.writeEnd().close();
      err.writeEnd().close();
      write(in.writeEnd());
      String said = readAll(out.readEnd());
      return new Answer(exitCode(child), said, readAll(err.readEnd()));
    }
  }

  private void write(Descriptor target) throws IOException {
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_INPUT_BYTES) {
      throw new IOException(program + " cannot be given " + bytes.length + " bytes at once");
    }
    try (target) {
      target.write(bytes, bytes.length);
    } catch (Native.CallException e) {
      if (e.errno != Native.EPIPE) {
        throw e;
      }
      // It has ended without reading: its answer says why.
    }
  }

  private static int exitCode(ChildProcess child) throws IOException {
    try {
      return child.exit().join();
    } catch (CompletionException e) {
      throw new IOException("could not learn how a program ended", e.getCause());
    }
  }

  private static String readAll(Descriptor source) throws IOException {
    var bytes = new ByteArrayOutputStream();
    source.drain((chunk, count) -> bytes.write(chunk, 0, count));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
