package dev.kiln.daemon.provenance;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * SLSA provenance as JSON, in both forms (exporters-and-cache.md, section 3.4). What is equal in
 * both is made once. For one thread.
 */
final class Predicate {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String TYPE_1 =
      "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md";
  private static final String TYPE_0_2 = "https://mobyproject.org/buildkit@v1";
  private static final String DOCKERFILE = "dockerfile.v0";

  private final Facts facts;
  private final ProvenanceOptions options;
  private final RequestJson request;
  private @Nullable BuildSteps steps;

  private Predicate(Facts facts, ProvenanceOptions options) {
    this.facts = facts;
    this.options = options;
    this.request = new RequestJson(facts, options.max());
  }

  /** The predicate in the form that was asked for. */
  static ObjectNode of(Facts facts, ProvenanceOptions options) {
    Predicate predicate = new Predicate(facts, options);
    return switch (options.version()) {
      case V1 -> predicate.v1();
      case V0_2 -> predicate.v02();
    };
  }

  private ObjectNode v1() {
    ObjectNode out = NODES.objectNode();
    ObjectNode build = out.putObject("buildDefinition");
    build.put("buildType", TYPE_1);
    putUnlessEmpty(build, "resolvedDependencies", materials());
    ObjectNode external = build.putObject("externalParameters");
    external.set("configSource", request.source("path"));
    external.set("request", request.request());
    build.set("internalParameters", internal());
    ObjectNode run = out.putObject("runDetails");
    run.putObject("builder").put("id", options.builderId());
    ObjectNode metadata = run.putObject("metadata");
    metadata.put("invocationId", facts.invocation());
    metadata.put("startedOn", time(facts.started()));
    metadata.put("finishedOn", time(facts.finished()));
    metadata.set("buildkit_metadata", own());
    if (facts.capture().isHermetic()) {
      metadata.put("buildkit_hermetic", true);
    }
    ObjectNode complete = metadata.putObject("buildkit_completeness");
    complete.put("request", request.isComplete());
    complete.put("resolvedDependencies", facts.capture().isComplete());
    if (options.reproducible()) {
      metadata.put("buildkit_reproducible", true);
    }
    return out;
  }

  private ObjectNode v02() {
    ObjectNode out = NODES.objectNode();
    out.putObject("builder").put("id", options.builderId());
    out.put("buildType", TYPE_0_2);
    putUnlessEmpty(out, "materials", materials());
    ObjectNode invocation = out.putObject("invocation");
    invocation.set("configSource", request.source("entryPoint"));
    invocation.set("parameters", request.request());
    Map<String, JsonNode> environment = environment();
    environment.put("platform", NODES.stringNode(facts.builderPlatform()));
    invocation.set("environment", object(environment));
    if (options.max()) {
      putUnlessEmpty(out, "buildConfig", buildConfig());
    }
    ObjectNode metadata = out.putObject("metadata");
    metadata.put("buildInvocationID", facts.invocation());
    metadata.put("buildStartedOn", time(facts.started()));
    metadata.put("buildFinishedOn", time(facts.finished()));
    ObjectNode complete = metadata.putObject("completeness");
    complete.put("parameters", request.isComplete());
    complete.put("environment", true);
    complete.put("materials", facts.capture().isComplete());
    metadata.put("reproducible", options.reproducible());
    metadata.set(TYPE_0_2 + "#metadata", own());
    if (facts.capture().isHermetic()) {
      metadata.put(TYPE_0_2 + "#hermetic", true);
    }
    return out;
  }

  private ArrayNode materials() {
    ArrayNode out = NODES.arrayNode();
    for (Materials.Material material : Materials.of(facts.capture())) {
      ObjectNode one = out.addObject();
      one.put("uri", material.uri());
      if (!material.digests().isEmpty()) {
        ObjectNode digests = one.putObject("digest");
        new TreeMap<>(material.digests()).forEach(digests::put);
      }
    }
    return out;
  }

  private ObjectNode internal() {
    Map<String, JsonNode> fields = environment();
    fields.put("builderPlatform", NODES.stringNode(facts.builderPlatform()));
    if (options.max()) {
      fields.put("buildConfig", buildConfig());
    }
    return object(fields);
  }

  /** What the daemon's owner adds, and the version of the frontend where it is Kiln's own. */
  private Map<String, JsonNode> environment() {
    Map<String, JsonNode> fields = new TreeMap<>();
    if (facts.call().frontend().equals(DOCKERFILE)) {
      fields.put("dockerfileVersion", NODES.stringNode(facts.dockerfileVersion()));
    }
    facts.environment().properties().forEach(each -> fields.put(each.getKey(), each.getValue()));
    return fields;
  }

  private ObjectNode buildConfig() {
    ObjectNode out = NODES.objectNode();
    if (!steps().isEmpty()) {
      out.set("llbDefinition", steps().json());
      out.set("digestMapping", steps().mapping());
    }
    return out;
  }

  /** What SLSA has no field for. */
  private ObjectNode own() {
    ObjectNode out = NODES.objectNode();
    putUnlessEmpty(out, "vcs", request.versionControl());
    if (options.max()) {
      putUnlessEmpty(out, "source", SourceJson.of(facts.definition(), steps()));
      putUnlessEmpty(out, "layers", layers(steps()));
    }
    return out;
  }

  private BuildSteps steps() {
    BuildSteps known = steps;
    if (known == null) {
      known = BuildSteps.of(facts.definition());
      steps = known;
    }
    return known;
  }

  private ObjectNode layers(BuildSteps steps) {
    Map<String, JsonNode> byStep = new TreeMap<>();
    facts
        .layers()
        .forEach(
            (output, descriptors) -> {
              int colon = output.lastIndexOf(':');
              String step = steps.step(output.substring(0, colon));
              if (!step.isEmpty()) {
                ArrayNode chain = NODES.arrayNode().addAll(descriptors);
                byStep.put(step + output.substring(colon), NODES.arrayNode().add(chain));
              }
            });
    return object(byStep);
  }

  private static ObjectNode object(Map<String, JsonNode> fields) {
    ObjectNode out = NODES.objectNode();
    fields.forEach(out::set);
    return out;
  }

  private static void putUnlessEmpty(ObjectNode out, String name, JsonNode value) {
    if (!value.isEmpty()) {
      out.set(name, value);
    }
  }

  private static String time(Instant at) {
    return at.toString();
  }
}
