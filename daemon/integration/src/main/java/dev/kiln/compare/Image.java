package dev.kiln.compare;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * An image as a build gave it.
 *
 * @param config the whole configuration, with history
 * @param layers entries of each layer in the order of the tar, whiteouts among them
 */
record Image(JsonNode config, List<List<TreeEntry>> layers) {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  /** Platform of the configuration, such as {@code linux/arm/v7}. */
  String platform() {
    String variant = config.path("variant").asString("");
    return config.path("os").asString("")
        + "/"
        + config.path("architecture").asString("")
        + (variant.isEmpty() ? "" : "/" + variant);
  }

  /** All layers one on the other, by path (OCI image-spec, layer.md, Whiteouts). */
  Map<String, TreeEntry> tree() {
    TreeMap<String, TreeEntry> tree = new TreeMap<>();
    for (List<TreeEntry> layer : layers) {
      for (TreeEntry entry : layer) {
        hide(tree, entry.path());
      }
      for (TreeEntry entry : layer) {
        if (!name(entry.path()).startsWith(WHITEOUT)) {
          add(tree, entry);
        }
      }
    }
    return tree;
  }

  private static void hide(TreeMap<String, TreeEntry> tree, String path) {
    String name = name(path);
    String folder = path.substring(0, path.length() - name.length());
    if (name.equals(OPAQUE)) {
      below(tree, folder).clear();
    } else if (name.startsWith(WHITEOUT)) {
      String gone = folder + name.substring(WHITEOUT.length());
      tree.remove(gone);
      below(tree, gone + "/").clear();
    }
  }

  private static void add(TreeMap<String, TreeEntry> tree, TreeEntry entry) {
    if (!entry.kind().equals("folder")) {
      below(tree, entry.path() + "/").clear();
    }
    tree.put(entry.path(), entry);
  }

  private static Map<String, TreeEntry> below(TreeMap<String, TreeEntry> tree, String folder) {
    return tree.subMap(folder, true, folder + Character.MAX_VALUE, false);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
