package dev.kiln.dockerfile;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.bridge.FrontendResult;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.llb.Definitions;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Locations;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.OpMetadata;
import dev.kiln.solver.pb.Range;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All that the frontend asks of its daemon and answers, as text to compare with. */
public final class ConversionDump {

  private final StringBuilder out = new StringBuilder();

  private ConversionDump() {}

  /** Builds a case and writes down what came of it. */
  public static String of(ConvertCase input) {
    ConversionDump dump = new ConversionDump();
    FakeBridge bridge = input.bridge();
    try {
      FrontendResult result = new DockerfileFrontend().build(bridge);
      dump.requests(bridge);
      dump.result(result);
    } catch (FrontendException e) {
      dump.requests(bridge);
      dump.failure(e);
    }
    return dump.out.toString();
  }

  private void requests(FakeBridge bridge) {
    bridge.lookups().stream()
        .map(lookup -> lookup.source().getIdentifier() + " | " + lookup.logName())
        .sorted()
        .forEach(lookup -> line("lookup " + lookup));
    bridge.warnings().stream()
        .map(warning -> warning.summary() + " | lines " + lines(warning.ranges()))
        .sorted()
        .forEach(warning -> line("warning " + warning));
    // Platforms are built side by side, so that their order says nothing.
    bridge.solves().stream()
        .sorted(Comparator.comparing(solve -> Definitions.head(solve.definition())))
        .forEach(this::solve);
  }

  private void solve(SolveRequest solve) {
    line("");
    line("solve" + (solve.evaluate() ? " and evaluate" : ""));
    if (!solve.frontend().isEmpty()) {
      line("  with frontend " + solve.frontend());
      new TreeMap<>(solve.frontendOptions()).forEach((k, v) -> line("  " + k + " = " + v));
    }
    solve.cacheImports().forEach(cache -> line("  import " + cache));
    Map<String, String> groups = new HashMap<>();
    for (ByteString bytes : solve.definition().getDefList()) {
      op(bytes, solve.definition(), groups);
    }
  }

  private void op(ByteString bytes, Definition definition, Map<String, String> groups) {
    String digest = digest(bytes);
    line("  op " + digest);
    Op op = FakeBridge.parse(bytes);
    TextFormat.printer()
        .escapingNonAscii(false)
        .printToString(op)
        .lines()
        .forEach(text -> line("    " + text));
    OpMetadata metadata = definition.getMetadataOrDefault(digest, OpMetadata.getDefaultInstance());
    new TreeMap<>(metadata.getDescriptionMap())
        .forEach((key, value) -> line("    # " + key + ": " + value));
    line("    # caps: " + String.join(" ", new TreeSet<>(metadata.getCapsMap().keySet())));
    if (metadata.getIgnoreCache()) {
      line("    # ignores the cache");
    }
    if (metadata.hasProgressGroup()) {
      String id = metadata.getProgressGroup().getId();
      String name = groups.computeIfAbsent(id, k -> "group " + groups.size());
      boolean weak = metadata.getProgressGroup().getWeak();
      line(
          "    # " + name + ": " + metadata.getProgressGroup().getName() + (weak ? " (weak)" : ""));
    }
    if (metadata.hasLinuxResources()) {
      line(
          "    # "
              + TextFormat.printer()
                  .emittingSingleLine(true)
                  .printToString(metadata.getLinuxResources()));
    }
    Locations places =
        definition.getSource().getLocationsOrDefault(digest, Locations.getDefaultInstance());
    places.getLocationsList().forEach(place -> line("    # lines " + lines(place.getRangesList())));
  }

  private void result(FrontendResult result) {
    line("");
    line("result" + (result.refs().isEmpty() ? "" : " for " + result.refs().keySet()));
    new TreeMap<>(result.metadata())
        .forEach((key, value) -> line("  " + key + " = " + value.toStringUtf8()));
    result
        .attestations()
        .forEach(
            (platform, list) ->
                list.forEach(
                    attestation ->
                        line(
                            "  attestation for "
                                + platform
                                + ": "
                                + attestation.kind()
                                + " "
                                + attestation.predicateType())));
  }

  private void failure(FrontendException e) {
    line("");
    line("failure " + e.getMessage());
    List<String> places = new ArrayList<>();
    e.sources().forEach(source -> places.add(lines(source.ranges())));
    line("  lines " + String.join("; ", places));
  }

  private static String lines(List<Range> ranges) {
    return ranges.stream()
        .map(range -> Integer.toString(range.getStart().getLine()))
        .collect(Collectors.joining(","));
  }

  private static String digest(ByteString bytes) {
    try {
      byte[] sha = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
      return "sha256:" + HexFormat.of().formatHex(sha);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }
}
