package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.CacheSharing;
import dev.kiln.dockerfile.instruction.MountType;
import dev.kiln.dockerfile.instruction.RunInstruction;
import dev.kiln.dockerfile.instruction.RunMount;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.Exec;
import dev.kiln.dockerfile.llb.ExecMount;
import dev.kiln.dockerfile.llb.FileAction;
import dev.kiln.dockerfile.llb.Owner;
import dev.kiln.dockerfile.llb.Paths;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.dockerfile.text.Quoted;
import dev.kiln.solver.pb.CacheSharingOpt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts RUN's mounts. */
final class RunMounts {

  private static final int CACHE_MODE = 0755;
  private static final int SECRET_MODE = 0400;
  private static final int SSH_MODE = 0600;
  private static final String CACHE_ROOT = "/cache";

  private final Conversion conversion;

  RunMounts(Conversion conversion) {
    this.conversion = conversion;
  }

  /** Adds an instruction's mounts to its process. */
  void add(BuildStage stage, RunInstruction run, List<BuildStage> sources, Exec.Builder exec) {
    for (int i = 0; i < run.mounts().size(); i++) {
      RunMount mount = run.mounts().get(i);
      BuildStage source = source(mount, sources.get(i));
      switch (mount.type()) {
        case SECRET -> exec.secret(secret(stage, mount, run.location()));
        case SSH -> exec.ssh(ssh(stage, mount, run.location()));
        case TMPFS -> {
          String target = target(stage, mount);
          exec.mount(new ExecMount.Tmpfs(target, !mount.readOnly(), mount.sizeBytes()));
          use(stage, source, mount);
        }
        case BIND, CACHE -> {
          exec.mount(files(stage, source, mount));
          use(stage, source, mount);
        }
      }
    }
  }

  /** The stage that a mount takes files from; null for the build context. */
  private static @Nullable BuildStage source(RunMount mount, BuildStage named) {
    if (mount.from().isEmpty() && mount.type() != MountType.CACHE) {
      return null;
    }
    if (!named.converted) {
      throw new DockerfileException(
          "cannot mount from stage "
              + Quoted.quoted(mount.from())
              + " to "
              + Quoted.quoted(mount.target())
              + ", stage needs to be defined before current command");
    }
    return named;
  }

  private static void use(BuildStage stage, @Nullable BuildStage source, RunMount mount) {
    if (mount.from().isEmpty() && source == null) {
      stage.useContextPath(mount.source());
    } else if (source != null) {
      source.usePath(mount.source());
    }
  }

  private ExecMount files(BuildStage stage, @Nullable BuildStage source, RunMount mount) {
    State files = source == null ? conversion.buildContext() : source.state;
    String target = target(stage, mount);
    String selector = Paths.join("/", mount.source());
    if (selector.equals("/")) {
      selector = "";
      if (mount.uid() != null || mount.gid() != null || mount.mode() != null) {
        files = owned(files, mount);
        selector = CACHE_ROOT;
      }
    }
    if (mount.type() == MountType.BIND) {
      return new ExecMount.Bind(target, files, selector, !mount.readOnly());
    }
    String id = mount.id().isEmpty() ? Paths.clean(mount.target()) : mount.id();
    return new ExecMount.Cache(
        target,
        files,
        selector,
        !mount.readOnly(),
        conversion.options().cacheNamespace() + "/" + id,
        sharing(mount.sharing()));
  }

  private static CacheSharingOpt sharing(@Nullable CacheSharing sharing) {
    return switch (sharing) {
      case PRIVATE -> CacheSharingOpt.PRIVATE;
      case LOCKED -> CacheSharingOpt.LOCKED;
      case SHARED -> CacheSharingOpt.SHARED;
      case null -> CacheSharingOpt.SHARED;
    };
  }

  /** A directory for a cache to start from, with the owner and mode that were asked for. */
  private static State owned(State files, RunMount mount) {
    FileAction mkdir =
        new FileAction.MkDir(
            CACHE_ROOT,
            orElse(mount.mode(), CACHE_MODE),
            false,
            Owner.ids(orElse(mount.uid(), 0), orElse(mount.gid(), 0)),
            FileAction.NO_TIME);
    return files.file(
        List.of(mkdir), Constraints.named("[internal] setting cache mount permissions"));
  }

  private static String target(BuildStage stage, RunMount mount) {
    String target =
        Paths.isAbsolute(Paths.clean(mount.target()))
            ? mount.target()
            : Paths.join("/", stage.state.dir(), mount.target());
    if (target.equals("/")) {
      throw new DockerfileException("invalid mount target " + Quoted.quoted(target));
    }
    return target;
  }

  private static ExecMount.Secret secret(BuildStage stage, RunMount mount, Location location) {
    String id = mount.source().isEmpty() ? mount.id() : mount.source();
    if (id.isEmpty()) {
      if (mount.target().isEmpty()) {
        throw new DockerfileException("one of source, target required");
      }
      id = Paths.base(mount.target());
    }
    String target = mount.target().isEmpty() ? null : mount.target();
    if (target == null && mount.env() == null) {
      target = "/run/secrets/" + Paths.base(id);
    }
    stage.notes.secrets.putIfAbsent(id, new StageNotes.Need(mount.required(), location));
    return new ExecMount.Secret(
        id,
        target,
        mount.env(),
        orElse(mount.uid(), 0),
        orElse(mount.gid(), 0),
        orElse(mount.mode(), SECRET_MODE),
        !mount.required());
  }

  private static ExecMount.Ssh ssh(BuildStage stage, RunMount mount, Location location) {
    if (!mount.source().isEmpty()) {
      throw new DockerfileException("ssh does not support source");
    }
    String shown = mount.id().isEmpty() ? "default" : mount.id();
    stage.notes.ssh.putIfAbsent(shown, new StageNotes.Need(mount.required(), location));
    return new ExecMount.Ssh(
        mount.id(),
        mount.target(),
        orElse(mount.uid(), 0),
        orElse(mount.gid(), 0),
        orElse(mount.mode(), SSH_MODE),
        !mount.required());
  }

  private static int orElse(@Nullable Long value, int fallback) {
    return value == null ? fallback : value.intValue();
  }
}
