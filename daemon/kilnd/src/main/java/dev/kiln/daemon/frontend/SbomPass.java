package dev.kiln.daemon.frontend;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildResult.Attestation;
import dev.kiln.daemon.export.image.PackageUrl;
import dev.kiln.daemon.export.image.Platforms;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.failure.FrontendFailure;
import dev.kiln.daemon.image.Images;
import dev.kiln.daemon.worker.Worker;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.context.BuildOptions;
import dev.kiln.dockerfile.llb.Definitions;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.sbom.SbomScanner;
import dev.kiln.solver.pb.Definition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scans results whose frontends did not do so themselves (exporters-and-cache.md, section 3.3).
 * Safe for use by many threads.
 */
public final class SbomPass {
  private static final String SPDX = "https://spdx.dev/Document";
  private static final String DEFAULT_GENERATOR = "docker/buildkit-syft-scanner:stable-1";
  private static final String GENERATOR = "generator";

  private final Worker worker;
  private final Path mountFolder;

  public SbomPass(Worker worker, Path mountFolder) {
    this.worker = worker;
    this.mountFolder = mountFolder;
  }

  /**
   * Reads the parameters of a request for an SBOM.
   *
   * @throws BuildFailure when the generator is no image
   */
  public static BuildOptions.Sbom options(Map<String, String> parameters) {
    Map<String, String> others = new LinkedHashMap<>(parameters);
    String generator = others.remove(GENERATOR);
    String image = generator == null ? DEFAULT_GENERATOR : generator;
    if (image.isEmpty()) {
      throw BuildFailure.of("sbom generator cannot be empty", null);
    }
    try {
      return new BuildOptions.Sbom(Images.parse(image).toString(), others);
    } catch (IOException e) {
      throw BuildFailure.of("failed to parse sbom generator " + image + ": " + e.getMessage(), e);
    }
  }

  /** The result with an SBOM for each platform; the same if it has one already. */
  public BuildResult apply(BuildBridge bridge, BuildResult result, BuildOptions.Sbom options)
      throws InterruptedException {
    boolean scanned =
        result.attestations().values().stream()
            .flatMap(List::stream)
            .anyMatch(each -> each.predicateType().equals(SPDX));
    boolean empty = result.isMap() ? result.refs().isEmpty() : result.ref() == null;
    if (scanned || empty) {
      return result;
    }
    // What the scan looks up is no part of what the build was made from.
    BuildBridge apart = new BuildBridge(bridge.build(), bridge.services());
    Map<String, String> asked = bridge.build().request().getFrontendAttrsMap();
    InProcessBridge inner =
        new InProcessBridge(
            apart,
            new BuildBridge.Request(
                Definition.getDefaultInstance(), "", asked, Map.of(), false, List.of(), List.of()),
            worker,
            mountFolder);
    try {
      return scan(inner, result, options, asked);
    } catch (FrontendException e) {
      throw new FrontendFailure(e);
    } catch (DockerfileRunner.Interrupted e) {
      throw e.interruption();
    }
  }

  private BuildResult scan(
      InProcessBridge bridge,
      BuildResult result,
      BuildOptions.Sbom options,
      Map<String, String> asked) {
    Platform own = Platform.of(worker.platforms().getFirst());
    String mode = asked.getOrDefault("image-resolve-mode", "default");
    boolean ignoreCache = "".equals(asked.get("no-cache"));
    SbomScanner scanner = SbomScanner.open(bridge, options, own, mode);
    Map<String, List<Attestation>> all = new LinkedHashMap<>(result.attestations());
    for (Platforms.Exported platform : Platforms.of(result)) {
      if (platform.ref() == null) {
        continue;
      }
      String shown =
          platform.id().isEmpty()
              ? PackageUrl.format(worker.platforms().getFirst())
              : platform.id();
      Attestation found =
          BridgeValues.attestation(
              scanner.scan(
                  shown, Definitions.state(platform.ref().definition()), Map.of(), ignoreCache));
      List<Attestation> list = new ArrayList<>(all.getOrDefault(platform.key(), List.of()));
      list.add(found);
      all.put(platform.key(), list);
    }
    return new BuildResult(result.ref(), result.refs(), result.isMap(), result.metadata(), all);
  }
}
