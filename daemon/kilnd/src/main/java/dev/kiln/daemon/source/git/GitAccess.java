package dev.kiln.daemon.source.git;

import dev.kiln.daemon.op.SessionMounts;
import dev.kiln.daemon.session.ClientMounts;
import dev.kiln.wire.session.ForwardedSocket;
import dev.kiln.wire.session.NoSessionException;
import dev.kiln.wire.session.RemoteSsh;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionGroup;
import dev.kiln.wire.session.SessionRegistry;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Git with what a client lends for a remote: a token, an SSH agent, known host keys. All of it is
 * taken back when this is closed. For one thread.
 */
final class GitAccess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GitAccess.class);
  private static final List<String> GITHUB =
      List.of("https://github.com/", "https://www.github.com/");

  private final List<AutoCloseable> lent = new ArrayList<>();
  private final Git git;

  private GitAccess(
      GitOptions options, GitAsker asker, SessionRegistry sessions, Path folder, boolean remote)
      throws IOException, InterruptedException {
    if (!remote) {
      git = Git.plain(asker.progress());
      return;
    }
    List<String> arguments = token(options, asker, sessions, folder);
    try {
      GitSsh ssh =
          new GitSsh(socket(options, asker, sessions, folder), knownHosts(options, folder));
      git = new Git(null, null, arguments, ssh, asker.progress());
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Borrows what the options name.
   *
   * @param folder where sockets may be made
   * @param remote whether the remote is asked at all; otherwise nothing is borrowed
   */
  static GitAccess open(
      GitOptions options, GitAsker asker, SessionRegistry sessions, Path folder, boolean remote)
      throws IOException, InterruptedException {
    return new GitAccess(options, asker, sessions, folder, remote);
  }

  Git git() {
    return git;
  }

  private static List<String> token(
      GitOptions options, GitAsker asker, SessionRegistry sessions, Path folder)
      throws InterruptedException {
    if (options.headerSecret().isEmpty() && options.tokenSecret().isEmpty()) {
      return List.of();
    }
    String host = host(options.remote());
    try (SessionMounts secrets = new ClientMounts(sessions, asker.sessions(), folder)) {
      for (String suffix : List.of("." + host, "")) {
        for (boolean header : new boolean[] {true, false}) {
          String id = header ? options.headerSecret() : options.tokenSecret();
          byte[] value = id.isEmpty() ? null : secrets.value(id + suffix, true);
          if (value != null) {
            String text = new String(value, StandardCharsets.UTF_8);
            return List.of("-c", extraHeader(options.remote(), header ? text : basic(text)));
          }
        }
      }
    } catch (IOException e) {
      // Public repositories need no token.
      LOG.debug("could not ask the client for a token", e);
    }
    return List.of();
  }

  private static String basic(String token) {
    byte[] user = ("x-access-token:" + token).getBytes(StandardCharsets.UTF_8);
    return "basic " + Base64.getEncoder().encodeToString(user);
  }

  private static String extraHeader(String remote, String value) {
    // At GitHub submodules and mirrors may need the same token.
    String scope = GITHUB.stream().filter(remote::startsWith).findFirst().orElse(remote);
    return "http." + scope + ".extraheader=Authorization: " + value;
  }

  static String host(String remote) {
    try {
      String authority = URI.create(remote).getRawAuthority();
      return authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private String socket(GitOptions options, GitAsker asker, SessionRegistry sessions, Path folder)
      throws IOException {
    String id = options.sshId();
    if (id.isEmpty()) {
      return "";
    }
    SessionGroup group = sessions.group(asker.sessions().get());
    Session lender;
    try {
      lender =
          group.any(
              (Session session) -> {
                new RemoteSsh(session).check(id);
                return session;
              });
    } catch (NoSessionException e) {
      throw notForwarded(id, String.valueOf(e.getMessage()), e);
    } catch (StatusRuntimeException e) {
      throw notForwarded(id, String.valueOf(e.getStatus().getDescription()), e);
    }
    ForwardedSocket socket =
        ForwardedSocket.open(
            folder, 0, 0, 0700, connection -> new RemoteSsh(lender).forward(id, connection));
    lent.add(socket);
    return socket.path().toString();
  }

  private static IOException notForwarded(String id, String why, Exception cause) {
    return new IOException(
        "could not use the SSH agent \""
            + id
            + "\": "
            + why
            + "; start the build with --ssh "
            + id
            + " and a running agent, or with --ssh "
            + id
            + "=<key file>",
        cause);
  }

  private String knownHosts(GitOptions options, Path folder) throws IOException {
    if (options.knownHosts().isEmpty()) {
      return "";
    }
    Path file = Files.createTempFile(folder, "known-hosts", "");
    lent.add(() -> Files.deleteIfExists(file));
    Files.writeString(file, options.knownHosts());
    return file.toString();
  }

  @Override
  public void close() {
    for (AutoCloseable each : lent.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.warn("could not give back what a client lent to git", e);
      }
    }
    lent.clear();
  }
}
