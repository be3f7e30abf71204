package dev.kiln.dockerfile.subrequest;

import dev.kiln.dockerfile.instruction.Dockerfile;
import dev.kiln.dockerfile.instruction.DockerfileReader;
import dev.kiln.dockerfile.instruction.FromInstruction;
import dev.kiln.dockerfile.instruction.Stage;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileParser;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The stages of a Dockerfile, any of which can be a target. */
public final class TargetList {

  /** The answer's version. */
  public static final String VERSION = "1.0.0";

  private TargetList() {}

  /**
   * The answer to {@code frontend.targets}.
   *
   * @throws dev.kiln.dockerfile.parser.DockerfileException if the file cannot be parsed
   */
  public static SubrequestAnswer answer(byte[] source) {
    Dockerfile dockerfile =
        DockerfileReader.read(DockerfileParser.parse(source), LintReporter.silent());
    List<Stage> stages = dockerfile.stages();
    ObjectNode json = WireJson.object();
    ArrayNode targets = WireJson.array();
    TextTable text = new TextTable(1).row("TARGET", "DESCRIPTION");
    for (int i = 0; i < stages.size(); i++) {
      FromInstruction from = stages.get(i).from();
      boolean isDefault = i == stages.size() - 1;
      targets.add(targetJson(from, isDefault));
      text.row(shownName(from.name(), isDefault), from.description());
    }
    if (stages.isEmpty()) {
      json.putNull("targets");
    } else {
      json.set("targets", targets);
    }
    json.putArray("sources").add(Base64.getEncoder().encodeToString(source));
    return SubrequestAnswer.of(json, text.toString(), VERSION);
  }

  private static ObjectNode targetJson(FromInstruction from, boolean isDefault) {
    ObjectNode json = WireJson.object();
    WireJson.put(json, "name", from.name());
    WireJson.put(json, "default", isDefault);
    WireJson.put(json, "description", from.description());
    WireJson.put(json, "base", from.baseName());
    WireJson.put(json, "platform", from.platform());
    json.set("location", WireJson.location(List.of(from.location())));
    return json;
  }

  private static String shownName(String name, boolean isDefault) {
    if (!isDefault) {
      return name;
    }
    return name.isEmpty() ? "(default)" : name + " (default)";
  }
}
