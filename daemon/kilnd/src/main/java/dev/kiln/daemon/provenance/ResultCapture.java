package dev.kiln.daemon.provenance;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.RequestScope;
import dev.kiln.daemon.build.RequestScope.LookedUpImage;
import dev.kiln.daemon.export.image.Platforms;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.solver.Job;
import dev.kiln.solver.pb.Platform;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells for each ref of a build's result what it was made from and how it was asked for. */
final class ResultCapture {
  private final Job job;
  private final RequestScope scope;
  private final RequestRecords requests;
  private final List<Platforms.Exported> platforms;
  private final Set<BuildRef> results;

  /**
   * What there is to tell of one ref.
   *
   * @param call how it was asked for
   */
  record Told(BuildRef ref, Capture capture, RequestRecord call) {}

  private ResultCapture(BuildBridge bridge, BuildResult result) {
    this.job = bridge.build().job();
    this.scope = bridge.scope();
    this.requests = new RequestRecords(job, bridge.services().solved());
    this.platforms = Platforms.of(result);
    this.results = new HashSet<>(result.allRefs());
  }

  /**
   * All refs of a result by platform key, empty for a single one; those of the empty file system
   * are left out.
   *
   * @param result evaluated, while the build's job is open
   */
  static Map<String, Told> of(BuildBridge bridge, BuildResult result) {
    Map<String, Told> all = new TreeMap<>();
    if (result.isMap() ? result.refs().isEmpty() : result.ref() == null) {
      return all;
    }
    ResultCapture capture = new ResultCapture(bridge, result);
    if (result.ref() != null) {
      all.put("", capture.tell(result.ref(), ""));
    }
    result
        .refs()
        .forEach(
            (key, ref) -> {
              if (ref != null) {
                all.put(key, capture.tell(ref, key));
              }
            });
    return all;
  }

  private Told tell(BuildRef ref, String key) {
    RequestScope owner =
        scope
            .ownerOf(ref)
            .orElseThrow(
                () -> BuildFailure.of("could not find the request of a result's ref", null));
    Capture capture =
        CaptureWalk.of(job, ref)
            .orElseThrow(() -> BuildFailure.of("missing provenance for a result's ref", null));
    RequestRecord call = requests.of(owner, capture);
    Set<BuildRef> visited = new HashSet<>(results);
    // What a frontend read on its way, such as the Dockerfile's folder, went into the result too.
    owner.forEachRef(
        other -> {
          if (visited.add(other)) {
            CaptureWalk.of(job, other).ifPresent(capture::merge);
          }
        });
    List<LookedUpImage> images = owner.images();
    for (LookedUpImage image : key.isEmpty() ? images : ofPlatform(images, key)) {
      capture.add(
          new Capture.Image(image.reference(), image.platform(), image.digest(), image.local()));
    }
    capture.dropPinnedTwins();
    return new Told(ref, capture, call);
  }

  /** Leaves out what was looked up for other platforms, if it was looked up for each of them. */
  private List<LookedUpImage> ofPlatform(List<LookedUpImage> images, String key) {
    Platform current =
        platforms.stream()
            .filter(each -> each.id().equals(key))
            .findFirst()
            .map(Platforms.Exported::platform)
            .orElse(null);
    Set<String> everywhere = new HashSet<>();
    for (LookedUpImage image : images) {
      if (platforms.stream()
          .allMatch(p -> images.stream().anyMatch(i -> isFor(i, image.reference(), p)))) {
        everywhere.add(image.reference());
      }
    }
    return images.stream()
        .filter(
            image ->
                image.platform() == null
                    || !everywhere.contains(image.reference())
                    || isSame(image.platform(), current))
        .toList();
  }

  private static boolean isFor(LookedUpImage image, String reference, Platforms.Exported wanted) {
    Platform platform = image.platform();
    return image.reference().equals(reference)
        && platform != null
        && isSame(platform, wanted.platform())
        && (wanted.platform() == null
            || dev.kiln.solver.llb.Platforms.normalize(wanted.platform())
                .getVariant()
                .equals(dev.kiln.solver.llb.Platforms.normalize(platform).getVariant()));
  }

  private static boolean isSame(Platform one, @Nullable Platform other) {
    return other != null
        && one.getOS().equals(other.getOS())
        && one.getArchitecture().equals(other.getArchitecture());
  }
}
