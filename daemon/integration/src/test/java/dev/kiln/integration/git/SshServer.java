package dev.kiln.integration.git;

import dev.kiln.integration.RegistryProcess;
import dev.kiln.integration.Run;
import dev.kiln.integration.Tools;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Debian's sshd with a configuration, a host key and one user's key of its own. */
final class SshServer implements AutoCloseable {
  private final Served served;
  private final InetSocketAddress address;
  private final Path folder;

  private SshServer(Served served, InetSocketAddress address, Path folder) {
    this.served = served;
    this.address = address;
    this.folder = folder;
  }

  /** A server on a free port, for addresses that name their port. */
  static SshServer open(Path folder) throws Exception {
    return start(
        folder,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), RegistryProcess.freePort()));
  }

  /** A server on SSH's own port of a loopback address, for addresses that cannot name a port. */
  static SshServer onUsualPort(Path folder, String loopback) throws Exception {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(loopback), 22);
    try (ServerSocket free = new ServerSocket(22, 1, InetAddress.ofLiteral(loopback))) {
      assert free.isBound();
    } catch (BindException e) {
      Assumptions.abort("port 22 of " + loopback + " is taken");
    }
    return start(folder, address);
  }

  private static SshServer start(Path folder, InetSocketAddress address) throws Exception {
    Tools.requireRoot();
    String program = Tools.require("sshd");
    Files.createDirectories(folder);
    // Where sshd wants to be locked into before somebody has logged in.
    Files.createDirectories(Path.of("/run/sshd"));
    key(folder.resolve("host"));
    Path user = key(folder.resolve("user"));
    Path config =
        Files.writeString(
            folder.resolve("sshd_config"),
            """
            ListenAddress %s:%d
            HostKey %s
            AuthorizedKeysFile %s.pub
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin prohibit-password
            """
                .formatted(
                    address.getAddress().getHostAddress(),
                    address.getPort(),
                    folder.resolve("host"),
                    user));
    List<String> command = List.of(program, "-D", "-e", "-f", config.toString());
    return new SshServer(Served.start(folder.resolve("log"), address, command), address, folder);
  }

  /** Makes a pair of keys without passphrase. */
  static Path key(Path file) throws IOException, InterruptedException {
    String keygen = Tools.require("ssh-keygen");
    Run.of(keygen, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file.toString()).ok();
    return file;
  }

  /** The private key of the user that may log in. */
  Path userKey() {
    return folder.resolve("user");
  }

  /** The URL of a repository. */
  String url(Origin origin) {
    return "ssh://root@"
        + address.getAddress().getHostAddress()
        + ":"
        + address.getPort()
        + origin.bare();
  }

  /** The address of a repository in the form that SSH's copy command knows. */
  String scpAddress(Origin origin) {
    return "root@" + address.getAddress().getHostAddress() + ":" + origin.bare();
  }

  /** What a file of known hosts says of this server. */
  String knownHosts() throws IOException {
    return knownHosts(folder.resolve("host.pub"));
  }

  /** What a file of known hosts would say if this server had another key. */
  String knownHosts(Path publicKey) throws IOException {
    String host = "[" + address.getAddress().getHostAddress() + "]:" + address.getPort();
    return host + " " + Files.readString(publicKey);
  }

  @Override
  public void close() throws InterruptedException {
    served.close();
  }
}
