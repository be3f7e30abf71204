package dev.kiln.daemon.frontend;

import dev.kiln.wire.types.WorkerRecord;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The workers as frontends in images read them from their environment. */
final class WorkersJson {
  private WorkersJson() {}

  static String of(WorkerRecord worker) {
    JsonMapper mapper = JsonMapper.shared();
    ArrayNode list = mapper.createArrayNode();
    ObjectNode one = list.addObject();
    one.put("id", worker.getID());
    ObjectNode labels = one.putObject("labels");
    worker.getLabelsMap().forEach(labels::put);
    ArrayNode platforms = one.putArray("platforms");
    for (var platform : worker.getPlatformsList()) {
      ObjectNode entry = platforms.addObject();
      entry.put("architecture", platform.getArchitecture());
      entry.put("os", platform.getOS());
      if (!platform.getVariant().isEmpty()) {
        entry.put("variant", platform.getVariant());
      }
    }
    one.putNull("gcPolicy");
    ObjectNode version = one.putObject("buildkitVersion");
    version.put("package", worker.getBuildkitVersion().getPackage());
    version.put("version", worker.getBuildkitVersion().getVersion());
    version.put("revision", worker.getBuildkitVersion().getRevision());
    one.putNull("cdiDevices");
    return mapper.writeValueAsString(list);
  }
}
