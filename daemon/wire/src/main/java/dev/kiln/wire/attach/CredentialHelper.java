package dev.kiln.wire.attach;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program {@code docker-credential-<name>} that keeps logins: asked with {@code get} and the
 * server's name on its standard input, it answers in JSON.
 *
 * @param name as in docker's configuration
 */
record CredentialHelper(String name) {
  private static final long TIMEOUT_S = 30;

  /** What helpers put in the place of a name when the secret is an identity token. */
  private static final String TOKEN_USER = "<token>";

  /** The login for a server; none if the helper has none. */
  RegistryLogin get(String server) throws IOException {
    String program = "docker-credential-" + name;
    Process process =
        new ProcessBuilder(program, "get").redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      try (OutputStream in = process.getOutputStream()) {
        in.write(server.getBytes(StandardCharsets.UTF_8));
      }
      byte[] out = process.getInputStream().readAllBytes();
      if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(
            "could not ask " + program + " for " + server + ": no answer after 30 s");
      }
      return process.exitValue() == 0
          ? login(JsonMapper.shared().readTree(out))
          : failed(program, server, new String(out, StandardCharsets.UTF_8).trim());
    } catch (JacksonException e) {
      throw new IOException(
          "could not ask " + program + " for " + server + ": " + e.getOriginalMessage(), e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("could not ask " + program + " for " + server + ": interrupted", e);
    }
  }

  private static RegistryLogin login(JsonNode answer) {
    String user = answer.path("Username").asString("");
    String secret = answer.path("Secret").asString("");
    return user.equals(TOKEN_USER)
        ? new RegistryLogin("", "", secret, "")
        : new RegistryLogin(user, secret, "", "");
  }

  private static RegistryLogin failed(String program, String server, String text)
      throws IOException {
    if (text.contains("credentials not found")) {
      return RegistryLogin.NONE;
    }
    throw new IOException("could not ask " + program + " for " + server + ": " + text);
  }
}
