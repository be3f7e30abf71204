package dev.kiln.dockerfile.subrequest;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.parser.Location;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a target can be given: arguments, secrets, SSH agents. Lists are ordered by line.
 *
 * @param name the target's name, or empty
 * @param description of the target, or empty
 * @param source the Dockerfile
 */
public record Outline(
    String name,
    String description,
    List<Arg> args,
    List<Need> secrets,
    List<Need> ssh,
    ByteString source) {

  /** The answer's version. */
  public static final String VERSION = "1.0.0";

  public Outline {
    args = args.stream().sorted(Comparator.comparingInt(a -> a.location().startLine())).toList();
    secrets = sorted(secrets);
    ssh = sorted(ssh);
  }

  /**
   * A build argument.
   *
   * @param value default or given value, or empty
   * @param description or empty
   */
  public record Arg(String name, String description, String value, Location location) {}

  /** A secret or an SSH agent, by its id. */
  public record Need(String name, boolean required, Location location) {}

  private static List<Need> sorted(List<Need> needs) {
    return needs.stream().sorted(Comparator.comparingInt(n -> n.location().startLine())).toList();
  }

  /** The answer to {@code frontend.outline}. */
  public SubrequestAnswer answer() {
    return SubrequestAnswer.of(json(), text(), VERSION);
  }

  private ObjectNode json() {
    ObjectNode json = WireJson.object();
    WireJson.put(json, "name", name);
    WireJson.put(json, "description", description);
    put(json, "args", args.stream().map(Outline::argJson));
    put(json, "secrets", secrets.stream().map(Outline::needJson));
    put(json, "ssh", ssh.stream().map(Outline::needJson));
    json.putArray("sources").add(Base64.getEncoder().encodeToString(source.toByteArray()));
    return json;
  }

  private static void put(ObjectNode json, String key, Stream<ObjectNode> elements) {
    ArrayNode array = WireJson.array();
    elements.forEach(array::add);
    if (!array.isEmpty()) {
      json.set(key, array);
    }
  }

  private static ObjectNode argJson(Arg arg) {
    ObjectNode json = WireJson.object();
    json.put("name", arg.name());
    WireJson.put(json, "description", arg.description());
    WireJson.put(json, "value", arg.value());
    json.set("location", WireJson.location(List.of(arg.location())));
    return json;
  }

  private static ObjectNode needJson(Need need) {
    ObjectNode json = WireJson.object();
    json.put("name", need.name());
    WireJson.put(json, "required", need.required());
    json.set("location", WireJson.location(List.of(need.location())));
    return json;
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    if (!name.isEmpty() || !description.isEmpty()) {
      TextTable table = new TextTable(1).row("TARGET:", name.isEmpty() ? "(default)" : name);
      if (!description.isEmpty()) {
        table.row("DESCRIPTION:", description);
      }
      out.append(table).append('\n');
    }
    if (!args.isEmpty()) {
      TextTable table = new TextTable(3).row("BUILD ARG", "VALUE", "DESCRIPTION");
      args.forEach(arg -> table.row(arg.name(), arg.value(), arg.description()));
      out.append(table).append('\n');
    }
    appendNeeds(out, "SECRET", secrets);
    appendNeeds(out, "SSH", ssh);
    return out.toString();
  }

  private static void appendNeeds(StringBuilder out, String title, List<Need> needs) {
    if (!needs.isEmpty()) {
      TextTable table = new TextTable(3).row(title, "REQUIRED");
      needs.forEach(need -> table.row(need.name(), need.required() ? "true" : ""));
      out.append(table).append('\n');
    }
  }
}
