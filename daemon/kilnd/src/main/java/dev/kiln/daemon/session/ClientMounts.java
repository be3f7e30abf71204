package dev.kiln.daemon.session;

import dev.kiln.daemon.op.SessionMounts;
import dev.kiln.executor.MountSource;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.snapshot.MountPoint;
import dev.kiln.solver.pb.Mount;
import dev.kiln.solver.pb.SSHOpt;
import dev.kiln.solver.pb.SecretOpt;
import dev.kiln.wire.session.ForwardedSocket;
import dev.kiln.wire.session.NoSessionException;
import dev.kiln.wire.session.RemoteSecrets;
import dev.kiln.wire.session.RemoteSsh;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Secrets and SSH agents of the clients that want a step. For one thread; must be closed. */
public final class ClientMounts implements SessionMounts {
  private static final Logger LOG = LoggerFactory.getLogger(ClientMounts.class);
  private static final int DEFAULT_SECRET_MODE = 0400;
  private static final int ANY_EXECUTE = 0111;

  private final SessionRegistry registry;
  private final Supplier<List<String>> sessions;
  private final Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();

  /**
   * Opens nothing yet.
   *
   * @param folder where sockets and in-memory file systems may be placed
   */
  public ClientMounts(SessionRegistry registry, Supplier<List<String>> sessions, Path folder) {
    this.registry = registry;
    this.sessions = sessions;
    this.folder = folder;
  }

  @Override
  public byte @Nullable [] value(String id, boolean optional) throws IOException {
    try {
      Optional<byte[]> value =
          registry
              .group(sessions.get())
              .any((Session session) -> new RemoteSecrets(session).get(id));
      if (value.isPresent()) {
        return value.get();
      }
    } catch (NoSessionException e) {
      if (!optional) {
        throw new IOException("secret " + id + ": " + e.getMessage(), e);
      }
    } catch (StatusRuntimeException e) {
      throw new IOException(
          "could not get secret " + id + " from the client: " + e.getStatus().getDescription(), e);
    }
    if (optional) {
      return null;
    }
    throw new IOException("secret " + id + ": not found");
  }

  @Override
  public Optional<MountSource> secret(Mount mount) throws IOException {
    if (!mount.hasSecretOpt()) {
      throw new IOException("invalid secret mount options");
    }
    SecretOpt wanted = mount.getSecretOpt();
    if (wanted.getID().isEmpty()) {
      throw new IOException("secret ID missing from mount options");
    }
    byte[] value = value(wanted.getID(), wanted.getOptional());
    if (value == null) {
      return Optional.empty();
    }
    // Secrets live in memory only, never on the store's disk.
    MountPoint memory =
        MountPoint.temporary(
            List.of(
                new dev.kiln.snapshotter.snapshot.Mount(
                    "tmpfs", "tmpfs", List.of("nodev", "nosuid", "noexec", "size=1m"))),
            folder);
    opened.add(memory);
    Path file = memory.path().resolve("secret");
    Files.write(file, value);
    NodeCalls.setOwner(file.toString(), wanted.getUid(), wanted.getGid());
    int mode = wanted.getMode() == 0 ? DEFAULT_SECRET_MODE : wanted.getMode() & 0777;
    NodeCalls.setPermissions(file.toString(), mode);
    List<String> options = new ArrayList<>(List.of("bind", "ro", "nodev", "nosuid"));
    if ((mode & ANY_EXECUTE) == 0) {
      options.add("noexec");
    }
    return Optional.of(
        MountSource.of(
            List.of(new dev.kiln.snapshotter.snapshot.Mount("bind", file.toString(), options))));
  }

  @Override
  public Optional<MountSource> ssh(Mount mount) throws IOException {
    if (!mount.hasSSHOpt()) {
      throw new IOException("invalid ssh mount options");
    }
    SSHOpt wanted = mount.getSSHOpt();
    String id = wanted.getID().isEmpty() ? RemoteSsh.DEFAULT_ID : wanted.getID();
    try {
      registry
          .group(sessions.get())
          .any(
              (Session session) -> {
                new RemoteSsh(session).check(id);
                return session;
              });
    } catch (NoSessionException | StatusRuntimeException e) {
      if (wanted.getOptional()) {
        return Optional.empty();
      }
      String why =
          e instanceof StatusRuntimeException status
              ? String.valueOf(status.getStatus().getDescription())
              : String.valueOf(e.getMessage());
      throw new IOException(why, e);
    }
    ForwardedSocket socket =
        ForwardedSocket.open(
            folder,
            wanted.getUid(),
            wanted.getGid(),
            wanted.getMode() == 0 ? 0600 : wanted.getMode(),
            connection ->
                new RemoteSsh(registry.group(sessions.get()).any((Session s) -> s))
                    .forward(id, connection));
    opened.add(socket);
    return Optional.of(
        MountSource.of(
            List.of(
                new dev.kiln.snapshotter.snapshot.Mount(
                    "bind", socket.path().toString(), List.of("bind", "ro")))));
  }

  @Override
  public void close() {
    for (AutoCloseable each : opened.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.warn("could not release a secret or an SSH socket", e);
      }
    }
    opened.clear();
  }
}
