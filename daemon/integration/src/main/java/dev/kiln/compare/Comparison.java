package dev.kiln.compare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Compares two outcomes. In every text the first outcome's side stands before the bar, the other's
 * behind it.
 */
final class Comparison {
  private static final String NOTHING = "-";

  private final List<Difference> differences = new ArrayList<>();

  private Comparison() {}

  /** All places in which two outcomes are not the same; empty when there are none. */
  static List<Difference> of(Outcome own, Outcome others) {
    Comparison comparison = new Comparison();
    comparison.errors(own.error(), others.error());
    comparison.lists(Part.WARNINGS, own.warnings(), others.warnings());
    if (own.error().isEmpty() && others.error().isEmpty()) {
      comparison.lists(Part.STEPS, own.steps(), others.steps());
      comparison.images(byPlatform(own.images()), byPlatform(others.images()));
    }
    return comparison.differences;
  }

  private static Map<String, Image> byPlatform(List<Image> images) {
    return images.stream()
        .collect(Collectors.toMap(Image::platform, i -> i, (one, same) -> one, TreeMap::new));
  }

  private void errors(List<String> own, List<String> others) {
    if (!own.equals(others)) {
      add(Part.ERROR, "\n" + shown(own) + "\n      |\n" + shown(others));
    }
  }

  private static String shown(List<String> lines) {
    return lines.isEmpty()
        ? "        (it builds)"
        : lines.stream().map(line -> "        " + line).collect(Collectors.joining("\n"));
  }

  /** Names what only one of two lists has, and else an order that differs. */
  private void lists(Part part, List<String> own, List<String> others) {
    int before = differences.size();
    own.stream().filter(e -> !others.contains(e)).forEach(e -> add(part, e + " | " + NOTHING));
    others.stream().filter(e -> !own.contains(e)).forEach(e -> add(part, NOTHING + " | " + e));
    if (before == differences.size() && !own.equals(others)) {
      add(part, "order: " + own + " | " + others);
    }
  }

  private void images(Map<String, Image> own, Map<String, Image> others) {
    for (String platform : union(own.keySet(), others.keySet())) {
      Image first = own.get(platform);
      Image second = others.get(platform);
      if (first == null || second == null) {
        add(Part.CONFIG, platform + ": " + has(first) + " | " + has(second));
      } else {
        json("", first.config(), second.config());
        history(first.config().path("history"), second.config().path("history"));
        layers(first.layers(), second.layers());
        trees(first.tree(), second.tree());
      }
    }
  }

  private static String has(@Nullable Image image) {
    return image == null ? "no image" : "an image";
  }

  private void json(String place, JsonNode own, JsonNode others) {
    if (own.isObject() && others.isObject()) {
      for (String key : union(own.propertyNames(), others.propertyNames())) {
        String inner = place + "/" + key;
        switch (inner) {
          case "/history", "/rootfs", "/moby.buildkit.cache.v0" -> {}
          case "/created" -> times(Part.CONFIG, inner, own.path(key), others.path(key));
          default -> json(inner, own.path(key), others.path(key));
        }
      }
    } else if (!own.equals(others)) {
      add(Part.CONFIG, place + ": " + text(own) + " | " + text(others));
    }
  }

  private void times(Part part, String place, JsonNode own, JsonNode others) {
    if ((inherited(own) || inherited(others)) && !own.equals(others)) {
      add(part, place + ": " + text(own) + " | " + text(others));
    }
  }

  private static boolean inherited(JsonNode time) {
    return time.isString() && TreeEntry.inherited(Instant.parse(time.asString()));
  }

  private void history(JsonNode own, JsonNode others) {
    for (int i = 0; i < Math.max(own.size(), others.size()); i++) {
      JsonNode first = own.path(i);
      JsonNode second = others.path(i);
      for (String key : union(first.propertyNames(), second.propertyNames())) {
        String place = "entry " + i + " " + key;
        if (key.equals("created")) {
          times(Part.HISTORY, place, first.path(key), second.path(key));
        } else if (!first.path(key).equals(second.path(key))) {
          String both = text(first.path(key)) + " | " + text(second.path(key));
          add(Part.HISTORY, place + ": " + both);
        }
      }
    }
  }

  private static String text(JsonNode node) {
    return node instanceof MissingNode ? NOTHING : node.toString();
  }

  private void layers(List<List<TreeEntry>> own, List<List<TreeEntry>> others) {
    if (own.size() != others.size()) {
      add(Part.LAYERS, own.size() + " layers | " + others.size());
      return;
    }
    for (int i = 0; i < own.size(); i++) {
      List<String> first = own.get(i).stream().map(TreeEntry::path).toList();
      List<String> second = others.get(i).stream().map(TreeEntry::path).toList();
      if (!first.equals(second)) {
        add(Part.LAYERS, "layer " + i + ": " + first + " | " + second);
      }
    }
  }

  private void trees(Map<String, TreeEntry> own, Map<String, TreeEntry> others) {
    for (String path : union(own.keySet(), others.keySet())) {
      TreeEntry first = own.get(path);
      TreeEntry second = others.get(path);
      if (first == null || second == null) {
        add(Part.FS, path + ": " + kind(first) + " | " + kind(second));
      } else {
        first.differences(second).forEach(text -> add(Part.FS, path + ": " + text));
      }
    }
  }

  private static String kind(@Nullable TreeEntry entry) {
    return entry == null ? NOTHING : entry.kind();
  }

  private static Set<String> union(Collection<String> one, Collection<String> other) {
    TreeSet<String> all = new TreeSet<>(one);
    all.addAll(other);
    return all;
  }

  private void add(Part part, String text) {
    differences.add(new Difference(part, text));
  }
}
