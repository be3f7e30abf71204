package dev.kiln.dockerfile.subrequest;

import dev.kiln.dockerfile.lint.LintSink;
import dev.kiln.dockerfile.lint.LintWarning;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.solver.pb.SourceInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Collects what lint finds in one file. Not thread-safe. */
public final class LintReport implements LintSink {

  /** The answer's version. */
  public static final String VERSION = "1.0.0";

  private final SourceInfo source;
  private final List<LintWarning> warnings = new ArrayList<>();
  private @Nullable BuildError error;

  private record BuildError(String message, List<Location> places) {}

  public LintReport(SourceInfo source) {
    this.source = source;
  }

  @Override
  public void warn(LintWarning warning) {
    warnings.add(warning);
  }

  /**
   * Notes why the file cannot be built.
   *
   * @param places lines at fault, or none if they are not known
   */
  public void fail(String message, List<Location> places) {
    error = new BuildError(message, List.copyOf(places));
  }

  /** The answer to {@code frontend.lint}. */
  public SubrequestAnswer answer() {
    boolean clean = warnings.isEmpty() && error == null;
    return SubrequestAnswer.of(json(), text(), VERSION)
        .with("result.statuscode", clean ? "0" : "1");
  }

  private ObjectNode json() {
    ObjectNode json = WireJson.object();
    if (warnings.isEmpty()) {
      json.putNull("warnings"); // As clients know it from BuildKit, where an empty list is null.
    } else {
      ArrayNode list = json.putArray("warnings");
      warnings.forEach(warning -> list.add(warningJson(warning)));
    }
    json.putArray("sources").add(WireJson.message(source));
    if (error != null) {
      json.set("buildError", errorJson(error));
    }
    return json;
  }

  private static ObjectNode warningJson(LintWarning warning) {
    ObjectNode json = WireJson.object();
    json.put("ruleName", warning.rule().ruleName());
    WireJson.put(json, "description", warning.rule().description());
    WireJson.put(json, "url", warning.rule().url());
    WireJson.put(json, "detail", warning.message());
    json.set("location", WireJson.location(List.of(warning.location())));
    return json;
  }

  private static ObjectNode errorJson(BuildError fault) {
    ObjectNode json = WireJson.object();
    json.put("message", fault.message());
    json.set("location", WireJson.location(fault.places()));
    return json;
  }

  private String text() {
    Comparator<LintWarning> byLine =
        Comparator.comparingInt(warning -> warning.location().startLine());
    StringBuilder out = new StringBuilder();
    for (LintWarning warning : warnings.stream().sorted(byLine).toList()) {
      out.append("\nWARNING: ").append(warning.rule().ruleName());
      if (!warning.rule().url().isEmpty()) {
        out.append(" - ").append(warning.rule().url());
      }
      out.append('\n').append(warning.message()).append('\n');
      out.append(excerpt(List.of(warning.location())));
    }
    return out.toString();
  }

  private String excerpt(List<Location> places) {
    return SourceExcerpt.of(source.getFilename(), source.getData().toStringUtf8(), places);
  }
}
