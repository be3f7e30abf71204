package dev.kiln.dockerfile.subrequest;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Op;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A definition written out, operation by operation. */
public final class LlbListing {

  /** The answer's version. */
  public static final String VERSION = "0.1.0";

  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace().sortingMapKeys();

  private LlbListing() {}

  /**
   * The answer to {@code frontend.convertllb}: operations and their metadata by digest, and the
   * source file.
   */
  public static SubrequestAnswer answer(Definition definition) {
    ObjectNode json = WireJson.object();
    ObjectNode ops = json.putObject("def");
    TreeMap<String, JsonNode> sorted = new TreeMap<>();
    for (ByteString op : definition.getDefList()) {
      sorted.put(digest(op), operation(op));
    }
    sorted.forEach(ops::set);
    ObjectNode metadata = json.putObject("metadata");
    new TreeMap<>(definition.getMetadataMap())
        .forEach((digest, known) -> metadata.set(digest, WireJson.message(known)));
    json.set("source", parsed(definition.getSource()));
    return new SubrequestAnswer(
        Map.of("result.json", IndentedJson.write(json), "version", VERSION));
  }

  private static JsonNode operation(ByteString bytes) {
    try {
      return parsed(Op.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("could not read an operation of the definition", e);
    }
  }

  private static JsonNode parsed(MessageOrBuilder message) {
    try {
      return JSON.readTree(PRINTER.print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("could not write a message as JSON", e);
    }
  }

  private static String digest(ByteString bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
