package dev.kiln.executor.runc;

import dev.kiln.executor.process.ChildProcess;
import dev.kiln.executor.process.CommandCall;
import dev.kiln.executor.process.CommandCall.Answer;
import dev.kiln.executor.process.SealedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The command line of runc: which calls there are and how they answer. Thread-safe. */
final class RuncCommand implements AutoCloseable {
  /** runc looks for helpers and keeps temporary files by these. */
  private static final List<String> PASSED_ON =
      List.of("PATH", "HOME", "XDG_RUNTIME_DIR", "TMPDIR");

  /**
   * runc has little to do and ends at once, so threads and collections of its Go runtime cost more
   * than they bring: a tenth of its processor time when many containers start together. Processes
   * in containers do not see these.
   */
  private static final List<String> GO_RUNTIME = List.of("GOMAXPROCS=1", "GOGC=400");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path program;
  private final SealedProgram sealed;
  private final Path records;
  private final List<String> env;

  /**
   * Binds a runtime.
   *
   * @param program absolute path
   * @param records where the runtime keeps what it knows of its containers; the folder above it
   *     takes the link to the program
   */
  RuncCommand(Path program, Path records) {
    this.program = program;
    this.sealed =
        new SealedProgram(program, records.resolveSibling(String.valueOf(program.getFileName())));
    this.records = records;
    this.env =
        Stream.concat(
                PASSED_ON.stream()
                    .filter(name -> System.getenv(name) != null)
                    .map(name -> name + "=" + System.getenv(name)),
                GO_RUNTIME.stream())
            .toList();
  }

  /** The program's own name. */
  String name() {
    return String.valueOf(program.getFileName());
  }

  /** Starts a container in the foreground; what it was is kept until {@link #delete}. */
  ChildProcess run(String id, Path bundle, ChildProcess.Standard standard) throws IOException {
    return start(bundle, standard, List.of("run", "--keep", "--bundle", bundle.toString(), id));
  }

  /** Starts a further process in the foreground; its pid on the host is put into a file. */
  ChildProcess exec(
      String id, Path bundle, Path process, Path pidFile, ChildProcess.Standard standard)
      throws IOException {
    return start(
        bundle,
        standard,
        List.of("exec", "--process", process.toString(), "--pid-file", pidFile.toString(), id));
  }

  private ChildProcess start(Path bundle, ChildProcess.Standard standard, List<String> command)
      throws IOException {
    List<String> args = new ArrayList<>();
    args.add(name());
    args.addAll(List.of("--root", records.toString()));
    args.addAll(List.of("--log", log(bundle).toString(), "--log-format", "json"));
    args.addAll(command);
    return ChildProcess.start(sealed.path().toString(), args, env, standard);
  }

  /** Where the runtime writes what went wrong in a bundle's calls; may not exist. */
  static Path log(Path bundle) {
    return bundle.resolve("runtime.log");
  }

  /**
   * Kills a container's first process, and with it all of its process namespace.
   *
   * @param all whether to kill every process of its cgroup, for containers without a namespace
   * @return whether the container was there
   */
  boolean kill(String id, boolean all) throws IOException {
    Answer answer = all ? call("kill", "--all", id, "KILL") : call("kill", id, "KILL");
    return answer.code() == 0;
  }

  /** Removes a container, its cgroup and its record; kills what is left of it. */
  void delete(String id) throws IOException {
    Answer answer = call("delete", "--force", id);
    if (answer.code() != 0) {
      throw new IOException("could not delete container " + id + ": " + answer.error().strip());
    }
  }

  /** One of the OCI runtime-spec's status words; empty when the container is not there. */
  String status(String id) throws IOException {
    Answer answer = call("state", id);
    if (answer.code() != 0) {
      return "";
    }
    try {
      return JSON.readTree(answer.output()).path("status").asString("");
    } catch (JacksonException e) {
      throw new IOException(
          "could not read the state of container " + id + ": " + answer.output(), e);
    }
  }

  /** Whether there is only a part of what the runtime wrote down of a container. */
  boolean isRecordCutOff(String id) throws IOException {
    try {
      return !JSON.readTree(Files.readString(record(id).resolve("state.json"))).isObject();
    } catch (NoSuchFileException e) {
      return false;
    } catch (JacksonException e) {
      return true;
    }
  }

  /** Where the runtime keeps its record of a container. */
  Path record(String id) {
    return records.resolve(id);
  }

  Path records() {
    return records;
  }

  private Answer call(String... command) throws IOException {
    List<String> args = new ArrayList<>(List.of("--root", records.toString()));
    args.addAll(Arrays.asList(command));
    return new CommandCall(program, args, env, "").run();
  }

  @Override
  public void close() {
    sealed.close();
  }
}
