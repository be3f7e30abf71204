package dev.kiln.daemon.provenance;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request as predicates show it. For one thread. */
final class RequestJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String VERSION_CONTROL = "vcs:";

  private final Facts facts;
  private final boolean max;
  private boolean dropped;

  RequestJson(Facts facts, boolean max) {
    this.facts = facts;
    this.max = max;
  }

  /**
   * Where the instructions come from.
   *
   * @param pathName what their path is called
   */
  ObjectNode source(String pathName) {
    return source(facts.call().source(), pathName);
  }

  private static ObjectNode source(RequestRecord.ConfigSource source, String pathName) {
    ObjectNode out = NODES.objectNode();
    if (!source.uri().isEmpty()) {
      out.put("uri", source.uri());
    }
    if (!source.digests().isEmpty()) {
      ObjectNode digests = out.putObject("digest");
      new TreeMap<>(source.digests()).forEach(digests::put);
    }
    if (!source.path().isEmpty()) {
      out.put(pathName, source.path());
    }
    return out;
  }

  /** The request with what its steps were given. */
  ObjectNode request() {
    RequestRecord call = facts.call();
    ObjectNode out = NODES.objectNode();
    head(out, call, true);
    if (max) {
      given(out, "secrets", facts.capture().secrets());
      given(out, "ssh", facts.capture().ssh());
    }
    if (!facts.capture().locals().isEmpty()) {
      ArrayNode locals = out.putArray("locals");
      facts.capture().locals().forEach(name -> locals.addObject().put("name", name));
    }
    tail(out, call);
    if (facts.compatibilityVersion() != 0) {
      out.put("compatibilityVersion", facts.compatibilityVersion());
    }
    return out;
  }

  private void head(ObjectNode out, RequestRecord call, boolean withoutVersionControl) {
    if (!call.frontend().isEmpty()) {
      out.put("frontend", call.frontend());
    }
    ObjectNode args = NODES.objectNode();
    call.args()
        .forEach(
            (key, value) -> {
              if (!max && (key.startsWith("build-arg:") || key.startsWith("label:"))) {
                dropped = true;
              } else if (!withoutVersionControl || !key.startsWith(VERSION_CONTROL)) {
                args.put(key, value);
              }
            });
    if (!args.isEmpty()) {
      out.set("args", args);
    }
  }

  private void tail(ObjectNode out, RequestRecord call) {
    if (!call.inputs().isEmpty()) {
      ObjectNode inputs = out.putObject("inputs");
      call.inputs().forEach((name, input) -> inputs.set(name, whole(input)));
    }
    if (call.root() != null) {
      out.set("root", whole(call.root()));
    }
  }

  private ObjectNode whole(RequestRecord record) {
    ObjectNode out = NODES.objectNode();
    out.set("configSource", source(record.source(), "path"));
    ObjectNode request = out.putObject("request");
    head(request, record, false);
    tail(request, record);
    return out;
  }

  private static void given(ObjectNode out, String name, Map<String, Boolean> ids) {
    if (ids.isEmpty()) {
      return;
    }
    ArrayNode list = out.putArray(name);
    ids.forEach(
        (id, optional) -> {
          ObjectNode one = list.addObject().put("id", id);
          if (optional) {
            one.put("optional", true);
          }
        });
  }

  /** What the client says of the version control that its context is under. */
  ObjectNode versionControl() {
    ObjectNode out = NODES.objectNode();
    facts
        .call()
        .args()
        .forEach(
            (key, value) -> {
              if (key.startsWith(VERSION_CONTROL) && !value.isEmpty()) {
                String name = key.substring(VERSION_CONTROL.length());
                out.put(name, name.equals("source") ? UrlSecrets.blank(value) : value);
              }
            });
    return out;
  }

  /** Whether nothing was left out; known once {@link #request} was made. */
  boolean isComplete() {
    return !facts.call().frontend().isEmpty() && !dropped;
  }
}
