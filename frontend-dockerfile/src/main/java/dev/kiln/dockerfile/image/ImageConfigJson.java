package dev.kiln.dockerfile.image;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.llb.GoJson;
import dev.kiln.dockerfile.llb.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Image configs as JSON. Keys that are not known are dropped, as a build changes what they may be
 * about.
 */
public final class ImageConfigJson {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ImageConfigJson() {}

  /**
   * Reads a config.
   *
   * @throws IllegalArgumentException if the bytes are no JSON object
   */
  public static ImageConfig read(ByteString bytes) {
    JsonNode root;
    try {
      root = JSON.readTree(bytes.toByteArray());
    } catch (JacksonException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
    if (!root.isObject()) {
      throw new IllegalArgumentException("an image config must be a JSON object");
    }
    ImageConfig image = new ImageConfig();
    image.created = textOrNull(root, "created");
    image.author = text(root, "author");
    image.platform =
        new Platform(
            text(root, "os"),
            text(root, "architecture"),
            text(root, "variant"),
            text(root, "os.version"),
            texts(root, "os.features"));
    image.rootfsType = text(root.path("rootfs"), "type");
    image.diffIds =
        root.path("rootfs").path("diff_ids").isArray()
            ? texts(root.path("rootfs"), "diff_ids")
            : null;
    for (JsonNode entry : root.path("history")) {
      image.history.add(
          new History(
              textOrNull(entry, "created"),
              text(entry, "created_by"),
              text(entry, "author"),
              text(entry, "comment"),
              entry.path("empty_layer").asBoolean(false)));
    }
    readSettings(image, root.path("config"));
    return image;
  }

  private static void readSettings(ImageConfig image, JsonNode config) {
    image.user = text(config, "User");
    image.exposedPorts.addAll(keys(config.path("ExposedPorts")));
    image.env.addAll(texts(config, "Env"));
    image.entrypoint = texts(config, "Entrypoint");
    image.cmd = texts(config, "Cmd");
    image.volumes.addAll(keys(config.path("Volumes")));
    image.workingDir = text(config, "WorkingDir");
    config
        .path("Labels")
        .properties()
        .forEach(label -> image.labels.put(label.getKey(), label.getValue().asString("")));
    image.stopSignal = text(config, "StopSignal");
    image.argsEscaped = config.path("ArgsEscaped").asBoolean(false);
    image.onBuild = texts(config, "OnBuild");
    image.shell = texts(config, "Shell");
    JsonNode check = config.path("Healthcheck");
    if (check.isObject()) {
      image.healthcheck =
          new Healthcheck(
              texts(check, "Test"),
              check.path("Interval").asLong(0),
              check.path("Timeout").asLong(0),
              check.path("StartPeriod").asLong(0),
              check.path("StartInterval").asLong(0),
              check.path("Retries").asLong(0));
    }
  }

  /** Writes a config, keys in the order that other builders write them in. */
  public static ByteString write(ImageConfig image) {
    ObjectNode root = JSON.createObjectNode();
    putIfSet(root, "created", image.created);
    putIfSet(root, "author", image.author);
    root.put("architecture", image.platform.architecture());
    root.put("os", image.platform.os());
    putIfSet(root, "os.version", image.platform.osVersion());
    putIfAny(root, "os.features", image.platform.osFeatures());
    putIfSet(root, "variant", image.platform.variant());
    ObjectNode rootfs = root.putObject("rootfs").put("type", image.rootfsType);
    if (image.diffIds == null) {
      rootfs.putNull("diff_ids");
    } else {
      addAll(rootfs.putArray("diff_ids"), image.diffIds);
    }
    if (!image.history.isEmpty()) {
      ArrayNode history = root.putArray("history");
      image.history.forEach(entry -> write(history.addObject(), entry));
    }
    writeSettings(root.putObject("config"), image);
    return ByteString.copyFromUtf8(GoJson.escaped(JSON.writeValueAsString(root)));
  }

  private static void write(ObjectNode node, History entry) {
    putIfSet(node, "created", entry.created());
    putIfSet(node, "created_by", entry.createdBy());
    putIfSet(node, "author", entry.author());
    putIfSet(node, "comment", entry.comment());
    putIfTrue(node, "empty_layer", entry.emptyLayer());
  }

  private static void writeSettings(ObjectNode config, ImageConfig image) {
    putIfSet(config, "User", image.user);
    putSet(config, "ExposedPorts", image.exposedPorts);
    putIfAny(config, "Env", image.env);
    putIfAny(config, "Entrypoint", image.entrypoint);
    putIfAny(config, "Cmd", image.cmd);
    putSet(config, "Volumes", image.volumes);
    putIfSet(config, "WorkingDir", image.workingDir);
    if (!image.labels.isEmpty()) {
      ObjectNode labels = config.putObject("Labels");
      image.labels.forEach(labels::put);
    }
    putIfSet(config, "StopSignal", image.stopSignal);
    putIfTrue(config, "ArgsEscaped", image.argsEscaped);
    if (image.healthcheck != null) {
      write(config.putObject("Healthcheck"), image.healthcheck);
    }
    putIfAny(config, "OnBuild", image.onBuild);
    putIfAny(config, "Shell", image.shell);
  }

  private static void write(ObjectNode node, Healthcheck check) {
    putIfAny(node, "Test", check.test());
    putIfNotZero(node, "Interval", check.interval());
    putIfNotZero(node, "Timeout", check.timeout());
    putIfNotZero(node, "StartPeriod", check.startPeriod());
    putIfNotZero(node, "StartInterval", check.startInterval());
    putIfNotZero(node, "Retries", check.retries());
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }

  private static @Nullable String textOrNull(JsonNode node, String key) {
    JsonNode value = node.path(key);
    return value.isString() ? value.asString() : null;
  }

  private static List<String> texts(JsonNode node, String key) {
    List<String> texts = new ArrayList<>();
    node.path(key).forEach(value -> texts.add(value.asString("")));
    return List.copyOf(texts);
  }

  private static List<String> keys(JsonNode node) {
    return List.copyOf(node.propertyNames());
  }

  private static void putIfSet(ObjectNode node, String key, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      node.put(key, value);
    }
  }

  private static void putIfTrue(ObjectNode node, String key, boolean value) {
    if (value) {
      node.put(key, true);
    }
  }

  private static void putIfNotZero(ObjectNode node, String key, long value) {
    if (value != 0) {
      node.put(key, value);
    }
  }

  private static void putIfAny(ObjectNode node, String key, Collection<String> values) {
    if (!values.isEmpty()) {
      addAll(node.putArray(key), values);
    }
  }

  private static void putSet(ObjectNode node, String key, Collection<String> values) {
    if (!values.isEmpty()) {
      ObjectNode set = node.putObject(key);
      values.forEach(set::putObject);
    }
  }

  private static void addAll(ArrayNode array, Collection<String> values) {
    values.forEach(array::add);
  }
}
