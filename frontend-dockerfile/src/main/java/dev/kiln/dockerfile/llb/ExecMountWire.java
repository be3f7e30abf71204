package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.CacheOpt;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.Mount;
import dev.kiln.solver.pb.MountType;
import dev.kiln.solver.pb.SSHOpt;
import dev.kiln.solver.pb.SecretEnv;
import dev.kiln.solver.pb.SecretOpt;
import dev.kiln.solver.pb.TmpfsOpt;

/** Mounts as an exec op names them. */
final class ExecMountWire {

  /** No input, or no output. */
  static final int NONE = -1;

  private ExecMountWire() {}

  static Mount of(ExecMount mount, int input, int output) {
    Mount.Builder wire =
        Mount.newBuilder().setInput(input).setDest(mount.target()).setOutput(output);
    return switch (mount) {
      case ExecMount.Bind bind ->
          wire.setSelector(bind.selector()).setReadonly(!bind.writable()).build();
      case ExecMount.Cache cache ->
          wire.setSelector(cache.selector())
              .setReadonly(!cache.writable())
              .setMountType(MountType.CACHE)
              .setCacheOpt(CacheOpt.newBuilder().setID(cache.id()).setSharing(cache.sharing()))
              .build();
      case ExecMount.Tmpfs tmpfs ->
          wire.setReadonly(!tmpfs.writable())
              .setMountType(MountType.TMPFS)
              .setTmpfsOpt(TmpfsOpt.newBuilder().setSize(tmpfs.sizeBytes()))
              .build();
      case ExecMount.Result result -> wire.build();
    };
  }

  /** Adds a secret as a file, a variable, or both. */
  static void add(ExecOp.Builder op, ExecMount.Secret secret) {
    if (secret.variable() != null) {
      op.addSecretenv(
          SecretEnv.newBuilder()
              .setID(secret.id())
              .setName(secret.variable())
              .setOptional(secret.optional()));
    }
    if (secret.target() != null) {
      op.addMounts(
          Mount.newBuilder()
              .setInput(NONE)
              .setDest(secret.target())
              .setMountType(MountType.SECRET)
              .setSecretOpt(
                  SecretOpt.newBuilder()
                      .setID(secret.id())
                      .setUid(secret.uid())
                      .setGid(secret.gid())
                      .setMode(secret.mode())
                      .setOptional(secret.optional())));
    }
  }

  static Mount of(ExecMount.Ssh socket, String target) {
    return Mount.newBuilder()
        .setInput(NONE)
        .setDest(target)
        .setMountType(MountType.SSH)
        .setSSHOpt(
            SSHOpt.newBuilder()
                .setID(socket.id())
                .setUid(socket.uid())
                .setGid(socket.gid())
                .setMode(socket.mode())
                .setOptional(socket.optional()))
        .build();
  }
}
