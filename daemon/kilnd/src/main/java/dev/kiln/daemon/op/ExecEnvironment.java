package dev.kiln.daemon.op;

import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.ProxyEnv;
import dev.kiln.solver.pb.SecretEnv;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The environment of a step: its own, then proxies, the default PATH and secrets. */
final class ExecEnvironment {
  private static final String DEFAULT_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private ExecEnvironment() {}

  static List<String> of(ExecOp op, SessionMounts secrets) throws Exception {
    List<String> env = new ArrayList<>(op.getMeta().getEnvList());
    if (op.getMeta().hasProxyEnv()) {
      ProxyEnv proxy = op.getMeta().getProxyEnv();
      add(env, "HTTP_PROXY", proxy.getHttpProxy());
      add(env, "HTTPS_PROXY", proxy.getHttpsProxy());
      add(env, "FTP_PROXY", proxy.getFtpProxy());
      add(env, "NO_PROXY", proxy.getNoProxy());
      add(env, "ALL_PROXY", proxy.getAllProxy());
    }
    if (env.stream().noneMatch(each -> each.startsWith("PATH="))) {
      env.add(DEFAULT_PATH);
    }
    for (SecretEnv secret : op.getSecretenvList()) {
      byte[] value = secrets.value(secret.getID(), secret.getOptional());
      if (value != null) {
        env.add(
            secret.getName() + "=" + new String(value, java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return env;
  }

  /** Programs look for either spelling of a proxy variable. */
  private static void add(List<String> env, String name, String value) {
    if (!value.isEmpty()) {
      env.add(name + "=" + value);
      env.add(name.toLowerCase(Locale.ROOT) + "=" + value);
    }
  }
}
