package dev.kiln.solver.llb;

import dev.kiln.solver.Sha256;
import dev.kiln.solver.llb.OpKey.InputKey;
import dev.kiln.solver.pb.CacheSharingOpt;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.Meta;
import dev.kiln.solver.pb.Mount;
import dev.kiln.solver.pb.MountType;
import dev.kiln.solver.pb.Platform;
import java.util.ArrayList;
import java.util.List;

/** The key of an exec (cache-keys.md, section 4.1). */
final class ExecKey {
  private ExecKey() {}

  static OpKey of(ExecOp op, Platform platform, int inputs) {
    GoJson json = new GoJson();
    json.open('{').field("Type", "buildkit.exec.v0");
    json.name("Exec").message(withoutNoise(op));
    platform(json, platform);
    return OpDigests.key(json.close('}'), inputs(op, inputs));
  }

  static void platform(GoJson json, Platform platform) {
    json.field("OS", platform.getOS()).field("Arch", platform.getArchitecture());
    json.fieldUnlessEmpty("Variant", platform.getVariant());
    json.fieldUnlessEmpty("OSVersion", platform.getOSVersion());
    if (platform.getOSFeaturesCount() > 0) {
      json.name("OSFeatures").strings(platform.getOSFeaturesList());
    }
  }

  /** Leaves out what must not change the key. */
  private static ExecOp withoutNoise(ExecOp op) {
    ExecOp.Builder out = op.toBuilder();
    Meta.Builder meta = out.getMetaBuilder().clearProxyEnv();
    meta.getExtraHostsBuilderList().forEach(h -> h.clearIP());
    for (Mount.Builder mount : out.getMountsBuilderList()) {
      mount.clearSelector();
      if (mount.hasCacheOpt() && !isDefaultCache(mount)) {
        mount.getCacheOptBuilder().clearID().clearSharing();
      }
    }
    if (out.getMountsCount() == 1 && isPlainRoot(out.getMounts(0))) {
      out.clearMounts();
    }
    return out.build();
  }

  /** The form that Dockerfiles give a cache mount, maybe with a name space before it. */
  private static boolean isDefaultCache(Mount.Builder mount) {
    String id = mount.getCacheOpt().getID();
    int slash = id.indexOf('/');
    boolean named =
        id.equals(mount.getDest())
            || (slash >= 0 && id.substring(slash + 1).equals(mount.getDest()));
    return named && mount.getCacheOpt().getSharing() == CacheSharingOpt.SHARED;
  }

  private static boolean isPlainRoot(Mount mount) {
    return mount.getDest().equals("/")
        && !mount.getReadonly()
        && mount.getMountType() == MountType.BIND
        && !mount.hasCacheOpt()
        && !mount.hasSSHOpt()
        && !mount.hasSecretOpt()
        && mount.getResultID().isEmpty();
  }

  private static List<InputKey> inputs(ExecOp op, int count) {
    List<List<String>> paths = new ArrayList<>();
    boolean[] content = new boolean[count];
    for (int i = 0; i < count; i++) {
      paths.add(new ArrayList<>());
    }
    for (Mount mount : op.getMountsList()) {
      boolean noInput =
          switch (mount.getMountType()) {
            case SECRET, SSH, TMPFS -> true;
            default -> mount.getInput() == -1;
          };
      if (noInput) {
        continue;
      }
      if (mount.getInput() < 0 || mount.getInput() >= count) {
        throw new IllegalArgumentException("invalid mountinput " + mount.getInput());
      }
      int input = (int) mount.getInput();
      String path = GoPath.clean("/" + mount.getSelector());
      paths.get(input).add(path);
      content[input] = isContentBased(mount, path);
    }
    List<InputKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> selectors = paths.get(i);
      String digest = selectors.isEmpty() ? "" : Sha256.of(String.join("\0", selectors));
      keys.add(
          new InputKey(
              digest, content[i], content[i] ? contentSelectors(selectors) : List.of(), true));
    }
    return keys;
  }

  private static List<ContentSelector> contentSelectors(List<String> paths) {
    List<String> reduced = ContentSelector.reduce(paths);
    return reduced.contains("/")
        ? List.of()
        : reduced.stream().map(p -> ContentSelector.of(p, true)).toList();
  }

  /**
   * Content may stand for the input only where the step can not carry parts of the input that were
   * not looked at into its output.
   */
  private static boolean isContentBased(Mount mount, String path) {
    boolean safe = mount.getOutput() == -1 || mount.getReadonly() || path.equals("/");
    return switch (mount.getContentCache()) {
      case OFF -> false;
      case ON -> {
        if (!safe) {
          throw new IllegalArgumentException("invalid mount cache content " + mount.getDest());
        }
        yield true;
      }
      default -> safe && !mount.getDest().equals("/");
    };
  }
}
