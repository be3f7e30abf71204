package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.SourceOp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** States whose files come from outside the graph. */
public final class Sources {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Sources() {}

  /**
   * An image of a registry.
   *
   * @param name full, with tag or digest
   * @param resolveMode {@code pull}, {@code local}, or {@code default}
   */
  public static State image(ImageName name, String resolveMode, Constraints constraints) {
    Map<String, String> attributes = new TreeMap<>();
    Constraints needs = constraints.needing("source.image");
    if (!resolveMode.equals("default")) {
      attributes.put("image.resolvemode", resolveMode);
    }
    if (resolveMode.equals("pull")) {
      needs = needs.needing("source.image.resolvemode");
    }
    return source("docker-image://" + name.tagged(), attributes, needs);
  }

  /** An image of a client's OCI layout; the name must have a digest. */
  public static State ociLayout(
      ImageName name, String sessionId, String storeId, Constraints constraints) {
    Map<String, String> attributes = new TreeMap<>();
    putIfSet(attributes, "oci.session", sessionId);
    putIfSet(attributes, "oci.store", storeId);
    return source("oci-layout://" + name, attributes, constraints.needing("source.ocilayout"));
  }

  /**
   * A directory of the client.
   *
   * @param sessionId of the client that has it; must not be empty
   * @param excludePatterns not sent
   * @param followPaths only these are sent, and what their links lead to; all if empty
   * @param sharedKeyHint transfers with the same hint start from the same earlier copy
   * @param differ {@code none} to send all files anew, or empty
   */
  public record Local(
      String name,
      String sessionId,
      List<String> excludePatterns,
      List<String> followPaths,
      String sharedKeyHint,
      String differ) {
    public Local {
      excludePatterns = List.copyOf(excludePatterns);
      followPaths = List.copyOf(followPaths);
    }
  }

  /** A directory of the client. */
  public static State local(Local local, Constraints constraints) {
    Map<String, String> attributes = new TreeMap<>();
    Constraints needs = constraints.needing("source.local");
    if (!local.sessionId().isEmpty()) {
      attributes.put("local.session", local.sessionId());
      needs = needs.needing("source.local.sessionid");
    }
    if (!local.followPaths().isEmpty()) {
      attributes.put("local.followpaths", json(local.followPaths()));
      needs = needs.needing("source.local.followpaths");
    }
    if (!local.excludePatterns().isEmpty()) {
      attributes.put("local.excludepatterns", json(local.excludePatterns()));
      needs = needs.needing("source.local.excludepatterns");
    }
    if (!local.sharedKeyHint().isEmpty()) {
      attributes.put("local.sharedkeyhint", local.sharedKeyHint());
      needs = needs.needing("source.local.sharedkeyhint");
    }
    putIfSet(attributes, "local.differ", local.differ());
    return source("local://" + local.name(), attributes, needs);
  }

  /**
   * One downloaded file.
   *
   * @param filename name of the file in the state
   * @param checksum digest that it must have, or empty
   */
  public static State http(String url, String filename, String checksum, Constraints constraints) {
    Map<String, String> attributes = new TreeMap<>();
    Constraints needs = constraints.needing("source.http");
    putIfSet(attributes, "http.filename", filename);
    if (!checksum.isEmpty()) {
      attributes.put("http.checksum", checksum);
      needs = needs.needing("source.http.checksum");
    }
    return source(url, attributes, needs);
  }

  static State source(String identifier, Map<String, String> attributes, Constraints constraints) {
    SourceOp op = SourceOp.newBuilder().setIdentifier(identifier).putAllAttrs(attributes).build();
    return of(op, constraints);
  }

  /** A source in its final form. */
  public static State of(SourceOp source, Constraints constraints) {
    return State.of(
        new Output.Fixed(new SourceVertex(source, constraints), 0, constraints.platform()));
  }

  /** The source that a state comes from, if it comes straight from one. */
  public static Optional<SourceOp> sourceOf(State state) {
    Output output = state.output();
    return output != null && output.vertex() instanceof SourceVertex vertex
        ? Optional.of(vertex.source())
        : Optional.empty();
  }

  static void putIfSet(Map<String, String> attributes, String key, String value) {
    if (!value.isEmpty()) {
      attributes.put(key, value);
    }
  }

  private static String json(List<String> texts) {
    return GoJson.escaped(JSON.writeValueAsString(texts));
  }
}
