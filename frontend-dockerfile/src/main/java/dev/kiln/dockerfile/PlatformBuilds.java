package dev.kiln.dockerfile;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.FrontendResult;
import dev.kiln.dockerfile.bridge.FrontendResult.Attestation;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.context.BuildOptions;
import dev.kiln.dockerfile.convert.Concurrent;
import dev.kiln.dockerfile.convert.ConversionRequest;
import dev.kiln.dockerfile.convert.Converted;
import dev.kiln.dockerfile.convert.DockerfileConverter;
import dev.kiln.dockerfile.image.ImageConfigJson;
import dev.kiln.dockerfile.llb.Marshaller;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.sbom.SbomScanner;
import dev.kiln.solver.pb.Definition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds a Dockerfile for each platform that was asked for, side by side, and puts the results
 * together.
 */
final class PlatformBuilds {

  private static final String CONFIG = "containerimage.config";
  private static final String BASE_CONFIG = "containerimage.base.config";
  private static final String EPOCH = "source.date.epoch";
  private static final String PLATFORMS = "refs.platforms";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ConversionRequest request;
  private final BuildOptions options;

  PlatformBuilds(ConversionRequest request) {
    this.request = request;
    this.options = request.options();
  }

  /**
   * One platform's result.
   *
   * @param id of the platform, as keys name it
   * @param platform as exporters name it
   */
  private record Built(String id, Platform platform, FrontendRef ref, Converted converted) {}

  FrontendResult build() {
    BuildOptions.Sbom asked = options.sbom();
    SbomScanner scanner =
        asked == null
            ? null
            : SbomScanner.open(
                request.contexts().bridge(),
                asked,
                options.buildPlatform(),
                options.imageResolveMode());
    List<Built> results = buildAll();
    FrontendResult result = assemble(results);
    return scanner == null ? result : result.attested(scanAll(scanner, results));
  }

  private static Map<String, List<Attestation>> scanAll(SbomScanner scanner, List<Built> results) {
    List<Callable<Attestation>> scans = new ArrayList<>();
    for (Built built : results) {
      scans.add(() -> scanner.scan(built.id(), built.converted()));
    }
    List<Attestation> found = Concurrent.callAll(scans);
    Map<String, List<Attestation>> byPlatform = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      byPlatform.put(results.get(i).id(), List.of(found.get(i)));
    }
    return byPlatform;
  }

  private List<Built> buildAll() {
    List<Callable<Built>> builds = new ArrayList<>();
    if (options.targetPlatforms().isEmpty()) {
      builds.add(() -> build(null, true));
    }
    for (int i = 0; i < options.targetPlatforms().size(); i++) {
      Platform platform = options.targetPlatforms().get(i);
      boolean first = i == 0;
      builds.add(() -> build(platform, first));
    }
    return Concurrent.callAll(builds);
  }

  private FrontendResult assemble(List<Built> results) {
    Map<String, ByteString> metadata = new LinkedHashMap<>();
    Map<String, FrontendRef> refs = new LinkedHashMap<>();
    for (Built built : results) {
      String suffix = options.multiPlatform() ? "/" + built.id() : "";
      putMetadata(metadata, suffix, built.converted());
      refs.put(built.id(), built.ref());
    }
    metadata.put(PLATFORMS, platforms(results));
    return options.multiPlatform()
        ? FrontendResult.perPlatform(refs, metadata)
        : FrontendResult.single(results.getFirst().ref(), metadata);
  }

  private Built build(@Nullable Platform platform, boolean warns) {
    ConversionRequest one =
        new ConversionRequest(
            request.file(),
            options,
            request.contexts(),
            platform,
            warns ? request.warnings() : warning -> {},
            false);
    Converted converted = DockerfileConverter.convert(one);
    Definition definition = Marshaller.marshal(converted.state(), converted.platform());
    FrontendRef ref =
        request
            .contexts()
            .bridge()
            .solve(SolveRequest.of(definition).importing(options.cacheImports()))
            .singleRef();
    Platform exported = (platform == null ? Platform.local() : platform).normalized();
    String id = exported.formatAll();
    return new Built(id, withWindowsVersion(exported, converted), ref, converted);
  }

  /** Windows images are for one version of the system, which only the base image tells. */
  private static Platform withWindowsVersion(Platform platform, Converted converted) {
    Platform image = converted.image().platform();
    if (!platform.os().equals("windows") || !image.os().equals("windows")) {
      return platform;
    }
    return new Platform(
            platform.os(),
            platform.architecture(),
            platform.variant(),
            platform.osVersion().isEmpty() ? image.osVersion() : platform.osVersion(),
            platform.osFeatures().isEmpty() ? image.osFeatures() : platform.osFeatures())
        .normalized();
  }

  private static void putMetadata(
      Map<String, ByteString> metadata, String suffix, Converted converted) {
    metadata.put(CONFIG + suffix, ImageConfigJson.write(converted.image()));
    if (converted.baseImage() != null) {
      metadata.put(BASE_CONFIG + suffix, ImageConfigJson.write(converted.baseImage()));
    }
    if (converted.epoch() != null) {
      metadata.put(
          EPOCH + suffix,
          DockerfileFrontend.bytes(Long.toString(converted.epoch().toEpochSecond())));
    }
  }

  private static ByteString platforms(List<Built> results) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray("Platforms");
    for (Built built : results) {
      ObjectNode entry = list.addObject().put("ID", built.id());
      Platform platform = built.platform();
      ObjectNode node = entry.putObject("Platform");
      node.put("architecture", platform.architecture());
      node.put("os", platform.os());
      if (!platform.osVersion().isEmpty()) {
        node.put("os.version", platform.osVersion());
      }
      if (!platform.osFeatures().isEmpty()) {
        platform.osFeatures().forEach(node.putArray("os.features")::add);
      }
      if (!platform.variant().isEmpty()) {
        node.put("variant", platform.variant());
      }
    }
    return DockerfileFrontend.bytes(JSON.writeValueAsString(root));
  }
}
