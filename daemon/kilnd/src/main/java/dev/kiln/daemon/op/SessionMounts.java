package dev.kiln.daemon.op;

import dev.kiln.executor.MountSource;
import dev.kiln.solver.pb.Mount;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Secrets and SSH agents of a client, for the mounts of one run. For one thread. */
public interface SessionMounts extends AutoCloseable {
  /**
   * A secret as a file to mount.
   *
   * @return empty when the client has none and the mount is optional
   * @throws IOException {@code secret <id>: not found}
   */
  Optional<MountSource> secret(Mount mount) throws IOException, InterruptedException;

  /**
   * An SSH agent as a socket to mount.
   *
   * @return empty when the client has none and the mount is optional
   */
  Optional<MountSource> ssh(Mount mount) throws IOException, InterruptedException;

  /**
   * The bytes of a secret.
   *
   * @return null when the client has none and it is optional
   */
  byte @Nullable [] value(String id, boolean optional) throws IOException, InterruptedException;

  @Override
  void close();
}
