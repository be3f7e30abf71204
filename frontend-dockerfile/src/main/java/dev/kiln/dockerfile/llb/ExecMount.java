package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.CacheSharingOpt;
import org.jspecify.annotations.Nullable;

/** A file system that a process sees at a path. */
public sealed interface ExecMount {

  String target();

  /**
   * Files of a state.
   *
   * @param selector path in the state, or empty for all of it
   * @param writable what the process writes is dropped
   */
  record Bind(String target, State source, String selector, boolean writable)
      implements ExecMount {}

  /**
   * A directory that survives the build.
   *
   * @param source what it holds at first
   * @param id steps that name the same id share the directory
   */
  record Cache(
      String target,
      State source,
      String selector,
      boolean writable,
      String id,
      CacheSharingOpt sharing)
      implements ExecMount {}

  /**
   * A file system in memory.
   *
   * @param sizeBytes 0 for no limit
   */
  record Tmpfs(String target, boolean writable, long sizeBytes) implements ExecMount {}

  /** An empty directory; what the process leaves in it is an output of its own. */
  record Result(String target) implements ExecMount {}

  /**
   * A secret as a file or a variable.
   *
   * @param target path of the file, or null for none
   * @param variable name of the variable, or null for none
   */
  record Secret(
      String id,
      @Nullable String target,
      @Nullable String variable,
      int uid,
      int gid,
      int mode,
      boolean optional) {}

  /**
   * A socket of the client's SSH agent.
   *
   * @param target path, or empty for the default one
   */
  record Ssh(String id, String target, int uid, int gid, int mode, boolean optional) {}
}
