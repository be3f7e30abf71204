package dev.kiln.daemon.source;

import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a local source asks for (llb.md, section 4, {@code local.*}).
 *
 * @param name of the folder, with the prefix that the session attribute may add
 * @param session id of the session that has it; empty for the build's own
 * @param include null when unset, and so for the other lists of patterns
 * @param sharedKeyHint part of what a former copy is found by
 * @param compareNothing whether every file is sent anew
 * @param metadataOnly whether only metadata is sent
 * @param metadataExceptions patterns of files that are sent nevertheless
 */
record LocalOptions(
    String name,
    String session,
    @Nullable List<String> include,
    @Nullable List<String> exclude,
    @Nullable List<String> follow,
    String sharedKeyHint,
    boolean compareNothing,
    boolean metadataOnly,
    List<String> metadataExceptions) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  static LocalOptions read(String name, SourceOp source) throws IOException {
    String session = source.getAttrsOrDefault("local.session", "");
    int colon = session.indexOf(':');
    String prefixed = colon < 0 ? name : session.substring(0, colon) + "-" + name;
    List<String> exceptions = list(source, "local.metadatatransferexclude");
    return new LocalOptions(
        prefixed,
        colon < 0 ? session : session.substring(colon + 1),
        list(source, "local.includepattern"),
        list(source, "local.excludepatterns"),
        list(source, "local.followpaths"),
        source.getAttrsOrDefault("local.sharedkeyhint", ""),
        source.getAttrsOrDefault("local.differ", "").equals("none"),
        flag(source.getAttrsOrDefault("local.metadatatransfer", "")),
        exceptions == null ? List.of() : exceptions);
  }

  private static boolean flag(String text) throws IOException {
    return switch (text) {
      case "", "0", "f", "F", "false", "FALSE", "False" -> false;
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      default -> throw new IOException("invalid value " + text + " for local.metadatatransfer");
    };
  }

  private static @Nullable List<String> list(SourceOp source, String key) throws IOException {
    String json = source.getAttrsMap().get(key);
    if (json == null) {
      return null;
    }
    try {
      List<String> out = new ArrayList<>();
      for (JsonNode element : MAPPER.readTree(json)) {
        out.add(element.asString(""));
      }
      return List.copyOf(out);
    } catch (JacksonException e) {
      throw new IOException("could not read " + key + ": " + e.getOriginalMessage(), e);
    }
  }
}
