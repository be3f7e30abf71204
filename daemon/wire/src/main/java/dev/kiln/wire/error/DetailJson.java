package dev.kiln.wire.error;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.kiln.wire.errdefs.CompatibilityFeature;
import dev.kiln.wire.errdefs.ProvenanceMaterialsIncomplete;
import dev.kiln.wire.errdefs.Solve;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Error details to and from the JSON in which they travel. */
final class DetailJson {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final JsonFormat.Printer PROTO_JSON =
      JsonFormat.printer().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PROTO_PARSER = JsonFormat.parser().ignoringUnknownFields();

  private DetailJson() {}

  static Any encode(ErrorDetail detail) {
    ByteString value =
        switch (detail) {
          case ErrorDetail.Vertex(var digest) -> text(object("digest", digest));
          case ErrorDetail.Source(var source) -> text(ProtoFieldsJson.write(source));
          case ErrorDetail.Frontend(var name, var source) ->
              text(object("name", name, "source", source));
          case ErrorDetail.FrontendCap(var name) -> text(object("name", name));
          case ErrorDetail.Compatibility(var feature) -> text(ProtoFieldsJson.write(feature));
          case ErrorDetail.Subrequest(var name) -> text(object("name", name));
          case ErrorDetail.FailedSolve(var solve) -> protoJson(solve);
          case ErrorDetail.Provenance(var materials) -> text(ProtoFieldsJson.write(materials));
          case ErrorDetail.Exit(var code, var error) ->
              text(object("Error", error).put("Code", code));
          case ErrorDetail.PolicyDecision decision -> text(decision(decision));
          case ErrorDetail.Other(_, var bytes) -> bytes;
        };
    return Any.newBuilder().setTypeUrl(detail.typeUrl()).setValue(value).build();
  }

  /** The detail in an Any; one that cannot be read is passed on as it came. */
  static ErrorDetail decode(Any any) {
    try {
      return switch (any.getTypeUrl()) {
        case TypeUrls.SOLVE -> new ErrorDetail.FailedSolve(solve(any.getValue()));
        case TypeUrls.VERTEX -> new ErrorDetail.Vertex(field(any, "digest"));
        case TypeUrls.SOURCE ->
            new ErrorDetail.Source(
                ProtoFieldsJson.read(tree(any), dev.kiln.wire.errdefs.Source.newBuilder()).build());
        case TypeUrls.FRONTEND ->
            new ErrorDetail.Frontend(field(any, "name"), field(any, "source"));
        case TypeUrls.FRONTEND_CAP -> new ErrorDetail.FrontendCap(field(any, "name"));
        case TypeUrls.COMPATIBILITY_FEATURE ->
            new ErrorDetail.Compatibility(
                ProtoFieldsJson.read(tree(any), CompatibilityFeature.newBuilder()).build());
        case TypeUrls.SUBREQUEST -> new ErrorDetail.Subrequest(field(any, "name"));
        case TypeUrls.PROVENANCE_MATERIALS_INCOMPLETE ->
            new ErrorDetail.Provenance(
                ProtoFieldsJson.read(tree(any), ProvenanceMaterialsIncomplete.newBuilder())
                    .build());
        case TypeUrls.EXIT_MESSAGE ->
            new ErrorDetail.Exit((int) tree(any).path("Code").asLong(0), field(any, "Error"));
        case TypeUrls.POLICY_DECISION -> decision(tree(any));
        default -> new ErrorDetail.Other(any.getTypeUrl(), any.getValue());
      };
    } catch (JacksonException | InvalidProtocolBufferException | IllegalArgumentException e) {
      return new ErrorDetail.Other(any.getTypeUrl(), any.getValue());
    }
  }

  private static ObjectNode decision(ErrorDetail.PolicyDecision decision) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (decision.action() != 0) {
      node.put("action", decision.action());
    }
    if (!decision.denyMessages().isEmpty()) {
      ArrayNode messages = node.putArray("denyMessages");
      decision.denyMessages().forEach(text -> messages.add(object("message", text)));
    }
    return node;
  }

  private static ErrorDetail decision(JsonNode node) {
    List<String> messages = new ArrayList<>();
    node.path("denyMessages").forEach(item -> messages.add(item.path("message").asString("")));
    return new ErrorDetail.PolicyDecision(node.path("action").asInt(0), messages);
  }

  private static ObjectNode object(String... keysAndValues) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      if (!keysAndValues[i + 1].isEmpty()) {
        node.put(keysAndValues[i], keysAndValues[i + 1]);
      }
    }
    return node;
  }

  private static ByteString text(JsonNode node) {
    return ByteString.copyFrom(JSON.writeValueAsBytes(node));
  }

  private static JsonNode tree(Any any) {
    return JSON.readTree(any.getValue().toByteArray());
  }

  private static String field(Any any, String name) {
    return tree(any).path(name).asString("");
  }

  private static ByteString protoJson(Solve solve) {
    try {
      return ByteString.copyFromUtf8(PROTO_JSON.print(solve));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("a solve detail has no Any that could be unknown", e);
    }
  }

  private static Solve solve(ByteString json) throws InvalidProtocolBufferException {
    Solve.Builder builder = Solve.newBuilder();
    PROTO_PARSER.merge(json.toStringUtf8(), builder);
    return builder.build();
  }
}
