package dev.kiln.executor;

import java.util.List;
import java.util.Set;

/**
 * A process to run.
 *
 * @param args the program and its arguments
 * @param env variables as {@code NAME=value}
 * @param cwd the working directory in the container, absolute
 * @param user name or id, optionally with {@code :group}; empty means root
 * @param validExitCodes codes that count as success; empty means 0 only
 */
public record ProcessSpec(
    List<String> args, List<String> env, String cwd, String user, Set<Integer> validExitCodes) {
  public ProcessSpec {
    args = List.copyOf(args);
    env = List.copyOf(env);
    validExitCodes = Set.copyOf(validExitCodes);
  }

  /** A process of root in {@code /} with the usual search path. */
  public static ProcessSpec of(String... args) {
    return new ProcessSpec(
        List.of(args),
        List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        "/",
        "",
        Set.of());
  }

  public ProcessSpec withUser(String newUser) {
    return new ProcessSpec(args, env, cwd, newUser, validExitCodes);
  }

  public ProcessSpec withCwd(String newCwd) {
    return new ProcessSpec(args, env, newCwd, user, validExitCodes);
  }

  public ProcessSpec withEnv(List<String> newEnv) {
    return new ProcessSpec(args, newEnv, cwd, user, validExitCodes);
  }

  public ProcessSpec withArgs(List<String> newArgs) {
    return new ProcessSpec(newArgs, env, cwd, user, validExitCodes);
  }

  public ProcessSpec withValidExitCodes(Set<Integer> codes) {
    return new ProcessSpec(args, env, cwd, user, codes);
  }

  /** Whether the process counts as successful with this code. */
  public boolean accepts(int code) {
    return validExitCodes.isEmpty() ? code == 0 : validExitCodes.contains(code);
  }
}
