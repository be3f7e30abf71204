package dev.kiln.daemon.container;

import dev.kiln.daemon.op.SessionMounts;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SecretEnv;
import dev.kiln.wire.gateway.InitMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The environment of a process that a frontend starts. */
final class ProcessEnvironment {
  private static final String LINUX_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String WINDOWS_PATH =
      "c:\\Windows\\System32;c:\\Windows;C:\\Windows\\System32\\WindowsPowerShell\\v1.0";

  private ProcessEnvironment() {}

  /** What the client gave, then what every process has, then secrets. */
  static List<String> of(InitMessage init, Platform platform, SessionMounts secrets)
      throws IOException, InterruptedException {
    List<String> env = new ArrayList<>(init.getMeta().getEnvList());
    addDefault(env, "PATH", platform.getOS().equals("windows") ? WINDOWS_PATH : LINUX_PATH);
    if (init.getTty()) {
      addDefault(env, "TERM", "xterm");
    }
    for (SecretEnv secret : init.getSecretenvList()) {
      if (secret.getID().isEmpty()) {
        throw new IOException(
            "secret ID missing for \"" + secret.getName() + "\" environment variable");
      }
      byte[] value = secrets.value(secret.getID(), secret.getOptional());
      env.add(
          secret.getName()
              + "="
              + (value == null ? "" : new String(value, StandardCharsets.UTF_8)));
    }
    return env;
  }

  private static void addDefault(List<String> env, String name, String value) {
    if (env.stream().noneMatch(each -> each.startsWith(name + "="))) {
      env.add(name + "=" + value);
    }
  }
}
