package dev.kiln.dockerfile.subrequest;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The subrequests that the frontend answers. */
public final class SubrequestList {

  /** Names of subrequests, as the option {@code requestid} has them. */
  public static final String DESCRIBE = "frontend.subrequests.describe";

  public static final String OUTLINE = "frontend.outline";
  public static final String TARGETS = "frontend.targets";
  public static final String LINT = "frontend.lint";
  public static final String CONVERT_LLB = "frontend.convertllb";

  private static final String VERSION = "1.0.0";

  private SubrequestList() {}

  /** The answer to {@link #DESCRIBE}. */
  public static SubrequestAnswer answer() {
    ArrayNode all = WireJson.array();
    TextTable text = new TextTable(1).row("NAME", "VERSION", "DESCRIPTION");
    ObjectNode target = WireJson.object();
    target.put("name", "target").put("description", "Target build stage");
    add(
        all,
        text,
        OUTLINE,
        "List all parameters current build target supports",
        WireJson.array().add(target));
    add(all, text, TARGETS, "List all targets current build supports", WireJson.array());
    add(all, text, DESCRIBE, "List available subrequest types", null);
    return SubrequestAnswer.of(all, text.toString(), VERSION);
  }

  private static void add(
      ArrayNode all, TextTable text, String name, String description, @Nullable ArrayNode opts) {
    ObjectNode json = all.addObject();
    json.put("name", name).put("version", VERSION).put("type", "rpc");
    json.put("description", description);
    if (opts == null) {
      json.putNull("opts");
    } else {
      json.set("opts", opts);
    }
    json.putNull("inputs");
    ArrayNode metadata = json.putArray("metadata");
    for (String key : new String[] {"result.json", "result.txt"}) {
      metadata.addObject().put("name", key).put("description", "");
    }
    json.putNull("refs");
    text.row(name.substring("frontend.".length()), VERSION, description);
  }
}
