package dev.kiln.dockerfile.llb;

import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.solver.pb.NetMode;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file system that a graph would yield, and the settings that processes in it run with.
 * Immutable; every method that changes something returns a new state.
 */
public final class State {

  private final @Nullable Output output;
  private final Settings settings;

  private State(@Nullable Output output, Settings settings) {
    this.output = output;
    this.settings = settings;
  }

  /** Settings of processes. */
  private record Settings(
      EnvList env,
      String dir,
      String user,
      String hostname,
      @Nullable Platform platform,
      NetMode network) {
    static final Settings INITIAL = new Settings(EnvList.empty(), "/", "", "", null, NetMode.UNSET);

    Settings on(@Nullable Platform newPlatform) {
      return new Settings(env, dir, user, hostname, newPlatform, network);
    }
  }

  /** The empty file system. */
  public static State scratch() {
    return new State(null, Settings.INITIAL);
  }

  /** A state that is decided when the graph is marshalled; it must not be empty then. */
  public static State deferred(Supplier<State> supplier) {
    return of(new DeferredOutput(supplier));
  }

  static State of(@Nullable Output output) {
    return scratch().withOutput(output);
  }

  State withOutput(@Nullable Output newOutput) {
    Platform fromOutput = newOutput == null ? null : newOutput.platform();
    return new State(
        newOutput, fromOutput == null ? settings : settings.on(fromOutput.normalized()));
  }

  /** The file system of another state under this state's settings. */
  public State withFilesOf(State other) {
    return withOutput(other.output);
  }

  @Nullable Output output() {
    return output;
  }

  /** True for the empty file system. */
  public boolean isScratch() {
    return output == null;
  }

  public EnvList env() {
    return settings.env;
  }

  /** Working directory, absolute. */
  public String dir() {
    return settings.dir;
  }

  public String user() {
    return settings.user;
  }

  public String hostname() {
    return settings.hostname;
  }

  public @Nullable Platform platform() {
    return settings.platform;
  }

  public NetMode network() {
    return settings.network;
  }

  public State withEnv(String key, String value) {
    Settings s = settings;
    return new State(
        output,
        new Settings(s.env.with(key, value), s.dir, s.user, s.hostname, s.platform, s.network));
  }

  /** Changes the working directory; a relative path stands on the present one. */
  public State withDir(String path) {
    Settings s = settings;
    String dir = Paths.isAbsolute(path) ? path : Paths.join(s.dir.isEmpty() ? "/" : s.dir, path);
    return new State(output, new Settings(s.env, dir, s.user, s.hostname, s.platform, s.network));
  }

  public State withUser(String user) {
    Settings s = settings;
    return new State(output, new Settings(s.env, s.dir, user, s.hostname, s.platform, s.network));
  }

  public State withHostname(String hostname) {
    Settings s = settings;
    return new State(output, new Settings(s.env, s.dir, s.user, hostname, s.platform, s.network));
  }

  public State withPlatform(Platform platform) {
    return new State(output, settings.on(platform.normalized()));
  }

  public State withNetwork(NetMode network) {
    Settings s = settings;
    return new State(output, new Settings(s.env, s.dir, s.user, s.hostname, s.platform, network));
  }

  /** Applies file actions in order. The first one starts from this state's files. */
  public State file(List<FileAction> actions, Constraints constraints) {
    return withOutput(new Output.Fixed(new FileVertex(this, actions, constraints), 0, null));
  }

  /** Runs a process; the new state has the files that it leaves in the root. */
  public State run(Exec exec, Constraints constraints) {
    return withOutput(output(exec, ExecVertex.ROOT, constraints));
  }

  /**
   * Runs a process; the new state has the files that it leaves in one of its {@link
   * ExecMount.Result} directories, and no settings.
   */
  public State runFor(String target, Exec exec, Constraints constraints) {
    return of(output(exec, target, constraints));
  }

  private Output output(Exec exec, String target, Constraints constraints) {
    ExecVertex vertex = new ExecVertex(this, exec, constraints);
    return new Output.Fixed(vertex, vertex.outputIndex(target), constraints.platform());
  }

  /**
   * Lays the files of states above one another, later ones on top. Empty ones are left out; the
   * settings are the first one's.
   */
  public static State merge(List<State> states, Constraints constraints) {
    List<State> filled = states.stream().filter(s -> !s.isScratch()).toList();
    return switch (filled.size()) {
      case 0 -> scratch();
      case 1 -> filled.getFirst();
      default ->
          filled
              .getFirst()
              .withOutput(
                  new Output.Fixed(
                      new MergeVertex(
                          filled.stream().map(State::requireOutput).toList(), constraints),
                      0,
                      null));
    };
  }

  /** The changes that lead from this state's files to the upper one's. */
  public State diff(State upper, Constraints constraints) {
    if (isScratch()) {
      return upper;
    }
    return withOutput(
        new Output.Fixed(new DiffVertex(requireOutput(), upper.output, constraints), 0, null));
  }

  private Output requireOutput() {
    if (output == null) {
      throw new IllegalStateException("the empty file system has no output");
    }
    return output;
  }

  /** Environment entries of an image config put on top of this state's own. */
  public State withEnvEntries(List<String> entries) {
    State state = this;
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      if (equals != 0 && !entry.isEmpty()) {
        state =
            state.withEnv(
                equals < 0 ? entry : entry.substring(0, equals),
                equals < 0 ? "" : entry.substring(equals + 1));
      }
    }
    return state;
  }
}
