package dev.kiln.daemon.provenance;

import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.SourceInfo;
import java.util.Base64;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The files that a definition was written in, and where each step stands in them. Stateless. */
final class SourceJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private SourceJson() {}

  /** Empty when the definition names no files. */
  static ObjectNode of(Definition definition, BuildSteps steps) {
    ObjectNode out = NODES.objectNode();
    if (!definition.hasSource() || definition.getSource().getInfosCount() == 0) {
      return out;
    }
    ObjectNode locations = NODES.objectNode();
    new TreeMap<>(definition.getSource().getLocationsMap())
        .forEach(
            (digest, places) -> {
              String step = steps.step(digest);
              if (!step.isEmpty()) {
                locations.set(step, GoProtoJson.of(places));
              }
            });
    if (!locations.isEmpty()) {
      out.set("locations", locations);
    }
    ArrayNode infos = out.putArray("infos");
    definition.getSource().getInfosList().forEach(info -> infos.add(info(info)));
    return out;
  }

  private static ObjectNode info(SourceInfo info) {
    ObjectNode out = NODES.objectNode();
    if (!info.getFilename().isEmpty()) {
      out.put("filename", info.getFilename());
    }
    if (!info.getLanguage().isEmpty()) {
      out.put("language", info.getLanguage());
    }
    if (!info.getData().isEmpty()) {
      out.put("data", Base64.getEncoder().encodeToString(info.getData().toByteArray()));
    }
    BuildSteps steps = BuildSteps.of(info.getDefinition());
    if (!steps.isEmpty()) {
      out.set("llbDefinition", steps.json());
      out.set("digestMapping", steps.mapping());
    }
    return out;
  }
}
