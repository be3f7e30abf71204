package dev.kiln.wire.attach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Logins from {@code config.json} of docker's configuration folder, and from the credential helpers
 * that it names. The file is read at each question, since a login may be added while a client runs.
 * Thread-safe.
 */
public final class DockerConfig {
  private static final String HUB_HOST = "registry-1.docker.io";
  private static final String HUB_KEY = "https://index.docker.io/v1/";

  private final Path folder;

  /** The configuration in this folder; a missing file means no logins. */
  public DockerConfig(Path folder) {
    this.folder = folder;
  }

  /** The user's own: {@code $DOCKER_CONFIG}, or {@code ~/.docker}. */
  public static DockerConfig ofUser() {
    String set = System.getenv("DOCKER_CONFIG");
    return new DockerConfig(
        set != null && !set.isEmpty() ? Path.of(set) : HomeFolder.path().resolve(".docker"));
  }

  /** The folder, in which token seeds are kept too. */
  public Path folder() {
    return folder;
  }

  /**
   * The login for a registry's host, with its port if it has one.
   *
   * @throws IOException if the file or a helper cannot be used
   */
  public RegistryLogin login(String host) throws IOException {
    String key = host.equals(HUB_HOST) ? HUB_KEY : host;
    JsonNode config = read();
    String helper = config.path("credHelpers").path(key).asString("");
    if (helper.isEmpty()) {
      helper = config.path("credsStore").asString("");
    }
    if (!helper.isEmpty()) {
      RegistryLogin stored = new CredentialHelper(helper).get(key);
      if (!stored.equals(RegistryLogin.NONE)) {
        return stored;
      }
    }
    return fromFile(config.path("auths"), key);
  }

  private JsonNode read() throws IOException {
    Path file = folder.resolve("config.json");
    try {
      return JsonMapper.shared().readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return MissingNode.getInstance();
    } catch (JacksonException e) {
      throw new IOException("could not read " + file + ": " + e.getOriginalMessage(), e);
    }
  }

  private static RegistryLogin fromFile(JsonNode auths, String key) throws IOException {
    JsonNode exact = auths.path(key);
    if (!exact.isMissingNode()) {
      return login(exact, key);
    }
    for (Map.Entry<String, JsonNode> entry : auths.properties()) {
      if (hostname(entry.getKey()).equals(key)) {
        return login(entry.getValue(), entry.getKey());
      }
    }
    return RegistryLogin.NONE;
  }

  /** Older entries are URLs; what counts of them is the host. */
  private static String hostname(String key) {
    String rest = key.replaceFirst("^https?://", "");
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }

  private static RegistryLogin login(JsonNode node, String key) throws IOException {
    String username = node.path("username").asString("");
    String password = node.path("password").asString("");
    String auth = node.path("auth").asString("");
    if (!auth.isEmpty()) {
      String pair = decode(auth, key);
      int colon = pair.indexOf(':');
      if (colon < 0) {
        throw new IOException("could not read the login for " + key + ": it has no colon");
      }
      username = pair.substring(0, colon);
      password = pair.substring(colon + 1).replaceAll("\u0000+$", "");
    }
    return new RegistryLogin(
        username,
        password,
        node.path("identitytoken").asString(""),
        node.path("registrytoken").asString(""));
  }

  private static String decode(String auth, String key) throws IOException {
    try {
      return new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException("could not read the login for " + key + ": it is not base64", e);
    }
  }
}
