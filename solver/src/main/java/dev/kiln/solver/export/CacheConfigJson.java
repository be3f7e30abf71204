package dev.kiln.solver.export;

import dev.kiln.solver.export.CacheConfig.Annotations;
import dev.kiln.solver.export.CacheConfig.Chain;
import dev.kiln.solver.export.CacheConfig.Entry;
import dev.kiln.solver.export.CacheConfig.Input;
import dev.kiln.solver.export.CacheConfig.Layer;
import dev.kiln.solver.export.CacheConfig.Top;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON form of a cache configuration, byte for byte as stock daemons write it. */
public final class CacheConfigJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** RFC 3339 with nanoseconds, trailing zeros cut. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral('Z')
          .toFormatter()
          .withZone(ZoneOffset.UTC);

  private CacheConfigJson() {}

  /** Writes a whole configuration. */
  public static byte[] write(CacheConfig config) {
    return write(
        out -> {
          out.writeStartObject();
          if (!config.layers().isEmpty()) {
            out.writeArrayPropertyStart("layers");
            config.layers().forEach(l -> layer(out, l));
            out.writeEndArray();
          }
          if (!config.records().isEmpty()) {
            out.writeArrayPropertyStart("records");
            config.records().forEach(r -> entry(out, r));
            out.writeEndArray();
          }
          out.writeEndObject();
        });
  }

  /** Writes the records alone, as inline caches keep them. */
  public static byte[] writeRecords(List<Entry> records) {
    return write(
        out -> {
          out.writeStartArray();
          records.forEach(r -> entry(out, r));
          out.writeEndArray();
        });
  }

  private interface Writer {
    void write(JsonGenerator out);
  }

  private static byte[] write(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      writer.write(out);
    }
    return bytes.toByteArray();
  }

  private static void layer(JsonGenerator out, Layer layer) {
    out.writeStartObject();
    text(out, "blob", layer.blob());
    if (layer.parent() != 0) {
      out.writeNumberProperty("parent", layer.parent());
    }
    Annotations a = layer.annotations();
    if (a != null) {
      out.writeObjectPropertyStart("annotations");
      text(out, "mediaType", a.mediaType());
      text(out, "diffID", a.diffId());
      if (a.size() != 0) {
        out.writeNumberProperty("size", a.size());
      }
      time(out, a.createdAt());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private static void entry(JsonGenerator out, Entry entry) {
    out.writeStartObject();
    if (!entry.results().isEmpty()) {
      out.writeArrayPropertyStart("layers");
      for (Top top : entry.results()) {
        out.writeStartObject();
        out.writeNumberProperty("layer", top.layer());
        time(out, top.createdAt());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    if (!entry.chains().isEmpty()) {
      out.writeArrayPropertyStart("chains");
      for (Chain chain : entry.chains()) {
        out.writeStartObject();
        out.writeArrayPropertyStart("layers");
        chain.layers().forEach(out::writeNumber);
        out.writeEndArray();
        time(out, chain.createdAt());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    text(out, "digest", entry.digest());
    if (!entry.inputs().isEmpty()) {
      out.writeArrayPropertyStart("inputs");
      entry.inputs().forEach(alternatives -> inputs(out, alternatives));
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private static void inputs(JsonGenerator out, List<Input> alternatives) {
    out.writeStartArray();
    for (Input input : alternatives) {
      out.writeStartObject();
      text(out, "selector", input.selector());
      out.writeNumberProperty("link", input.link());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void text(JsonGenerator out, String name, String value) {
    if (!value.isEmpty()) {
      out.writeStringProperty(name, value);
    }
  }

  private static void time(JsonGenerator out, Instant at) {
    out.writeStringProperty("createdAt", TIME.format(at));
  }

  /**
   * Reads a whole configuration.
   *
   * @throws IOException if it is no JSON of that form
   */
  public static CacheConfig read(byte[] json) throws IOException {
    try {
      JsonNode root = JSON.readTree(json);
      List<Layer> layers = new ArrayList<>();
      for (JsonNode l : root.path("layers")) {
        layers.add(
            new Layer(l.path("blob").asString(""), l.path("parent").asInt(0), annotations(l)));
      }
      return new CacheConfig(layers, records(root.path("records")));
    } catch (JacksonException | DateTimeParseException e) {
      throw new IOException("could not read a cache configuration: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the records of an inline cache.
   *
   * @throws IOException if it is no JSON of that form
   */
  public static List<Entry> readRecords(byte[] json) throws IOException {
    try {
      return records(JSON.readTree(json));
    } catch (JacksonException | DateTimeParseException e) {
      throw new IOException("could not read an inline cache: " + e.getMessage(), e);
    }
  }

  private static @Nullable Annotations annotations(JsonNode layer) {
    JsonNode a = layer.path("annotations");
    if (!a.isObject()) {
      return null;
    }
    return new Annotations(
        a.path("mediaType").asString(""),
        a.path("diffID").asString(""),
        a.path("size").asLong(0),
        time(a));
  }

  private static List<Entry> records(JsonNode nodes) {
    List<Entry> records = new ArrayList<>();
    for (JsonNode r : nodes) {
      List<List<Input>> inputs = new ArrayList<>();
      for (JsonNode alternatives : r.path("inputs")) {
        List<Input> of = new ArrayList<>();
        for (JsonNode i : alternatives) {
          of.add(new Input(i.path("selector").asString(""), i.path("link").asInt(0)));
        }
        inputs.add(of);
      }
      List<Top> results = new ArrayList<>();
      for (JsonNode l : r.path("layers")) {
        results.add(new Top(l.path("layer").asInt(0), time(l)));
      }
      List<Chain> chains = new ArrayList<>();
      for (JsonNode c : r.path("chains")) {
        List<Integer> indexes = new ArrayList<>();
        c.path("layers").forEach(i -> indexes.add(i.asInt(0)));
        chains.add(new Chain(indexes, time(c)));
      }
      records.add(new Entry(r.path("digest").asString(""), inputs, results, chains));
    }
    return records;
  }

  private static Instant time(JsonNode node) {
    String text = node.path("createdAt").asString("");
    return text.isEmpty() ? CacheConfig.NO_TIME : OffsetDateTime.parse(text).toInstant();
  }
}
