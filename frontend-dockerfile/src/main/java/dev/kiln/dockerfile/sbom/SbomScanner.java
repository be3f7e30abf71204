package dev.kiln.dockerfile.sbom;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.FrontendResult.Attestation;
import dev.kiln.dockerfile.bridge.FrontendResult.Kind;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.bridge.SourceMeta;
import dev.kiln.dockerfile.bridge.SourceRequest;
import dev.kiln.dockerfile.context.BuildOptions;
import dev.kiln.dockerfile.convert.Converted;
import dev.kiln.dockerfile.image.ImageConfig;
import dev.kiln.dockerfile.image.ImageConfigJson;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.Exec;
import dev.kiln.dockerfile.llb.ExecMount;
import dev.kiln.dockerfile.llb.ImageName;
import dev.kiln.dockerfile.llb.Marshaller;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.Sources;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.solver.pb.SourceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a scanner image over results. What is scanned is mounted read-only; the scanner leaves
 * in-toto statements in an output directory, which becomes the attestation. Safe for use by several
 * threads.
 */
public final class SbomScanner {

  private static final String CORE = "sbom";
  private static final String CORE_SOURCE = "/run/src/core/sbom";
  private static final String EXTRA_SOURCES = "/run/src/extras";
  private static final String DESTINATION = "/run/out/";
  private static final String SPDX = "https://spdx.dev/Document";
  private static final String SCHEME = "docker-image://";

  private final FrontendBridge bridge;
  private final BuildOptions.Sbom options;
  private final Platform platform;
  private final String image;
  private final ImageConfig config;

  private SbomScanner(
      FrontendBridge bridge,
      BuildOptions.Sbom options,
      Platform platform,
      String image,
      ImageConfig config) {
    this.bridge = bridge;
    this.options = options;
    this.platform = platform;
    this.image = image;
    this.config = config;
  }

  /**
   * Looks up the scanner's image.
   *
   * @param platform that the daemon runs on
   */
  public static SbomScanner open(
      FrontendBridge bridge, BuildOptions.Sbom options, Platform platform, String resolveMode) {
    SourceMeta meta =
        bridge.resolveSource(
            new SourceRequest(
                SourceOp.newBuilder().setIdentifier(SCHEME + options.generator()).build(),
                platform.toWire(),
                resolveMode,
                "",
                false));
    String identifier = meta.source().getIdentifier();
    if (meta.image() == null || !identifier.startsWith(SCHEME)) {
      throw FrontendException.failed(
          "could not use " + identifier + " as an SBOM scanner: it is not an image");
    }
    ImageConfig config = ImageConfigJson.read(meta.image().config());
    String image = identifier.substring(SCHEME.length());
    if (config.command().isEmpty()) {
      throw FrontendException.failed("scanner " + image + " does not have cmd");
    }
    return new SbomScanner(bridge, options, platform, image, config);
  }

  /**
   * Scans one platform's result.
   *
   * @param platformId shown in the vertex's name
   */
  public Attestation scan(String platformId, Converted result) {
    return scan(platformId, result.state(), result.scanExtras(), result.ignoresCache());
  }

  /**
   * Scans files.
   *
   * @param platformId shown in the vertex's name
   * @param extras further files to scan, by name
   * @param ignoreCache whether a former scan of the same files does not count
   */
  public Attestation scan(
      String platformId, State files, Map<String, State> extras, boolean ignoreCache) {
    Constraints constraints =
        Constraints.named("[" + platformId + "] generating sbom using " + image);
    if (ignoreCache) {
      constraints = constraints.ignoringCache();
    }
    State found = scanner(extras).runFor(DESTINATION, exec(files, extras), constraints);
    FrontendRef ref =
        bridge.solve(SolveRequest.of(Marshaller.marshal(found, Platform.local()))).singleRef();
    return new Attestation(
        Kind.BUNDLE,
        ref,
        "",
        SPDX,
        Map.of(
            "reason", ByteString.copyFromUtf8("sbom"),
            "sbom-core", ByteString.copyFromUtf8(CORE)));
  }

  private State scanner(Map<String, State> extras) {
    List<String> env = new ArrayList<>(config.env());
    env.add("BUILDKIT_SCAN_DESTINATION=" + DESTINATION);
    env.add("BUILDKIT_SCAN_SOURCE=" + CORE_SOURCE);
    if (!extras.isEmpty()) {
      env.add("BUILDKIT_SCAN_SOURCE_EXTRAS=" + EXTRA_SOURCES);
    }
    new TreeMap<>(options.parameters())
        .forEach((key, value) -> env.add("BUILDKIT_SCAN_" + key + "=" + value));
    return Sources.image(ImageName.parse(image), "default", Constraints.NONE.on(platform))
        .withDir(config.workingDir())
        .withEnvEntries(env);
  }

  private Exec exec(State core, Map<String, State> extras) {
    Exec.Builder exec =
        new Exec.Builder(config.command())
            .mount(new ExecMount.Tmpfs("/tmp", true, 0))
            .mount(new ExecMount.Bind(CORE_SOURCE, core, "", false));
    new TreeMap<>(extras)
        .forEach(
            (name, files) ->
                exec.mount(
                    new ExecMount.Bind(EXTRA_SOURCES + "/" + CORE + "-" + name, files, "", false)));
    return exec.mount(new ExecMount.Result(DESTINATION)).build();
  }
}
