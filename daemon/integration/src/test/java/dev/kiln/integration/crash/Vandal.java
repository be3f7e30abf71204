package dev.kiln.integration.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Damages the state of a daemon that does not run. */
final class Vandal {
  /** What was hit, by what it means. */
  enum Loss {
    /** Nothing that a step made. */
    NOTHING,
    /** Trees or their records. */
    WORK
  }

  /**
   * One damage.
   *
   * @param what for people
   */
  record Damage(Loss loss, String what) {}

  private final Path root;
  private final Random random;

  Vandal(Path root, Random random) {
    this.root = root;
    this.random = random;
  }

  /**
   * Damages one thing.
   *
   * @param ordered whether the daemon was stopped in order, after which it only looks at its
   *     database
   */
  Damage damage(boolean ordered) throws IOException {
    return switch (ordered ? 0 : random.nextInt(8)) {
      case 0, 1, 2, 3 -> new Damage(Loss.WORK, spoil(databaseFiles()));
      case 4 -> new Damage(Loss.WORK, dropSnapshot());
      case 5, 6 -> new Damage(Loss.NOTHING, spoil(files("content/blobs")));
      default ->
          new Damage(
              Loss.NOTHING, spoil(random.nextBoolean() ? files("checksums") : files("origins")));
    };
  }

  /** Mostly those that matter. */
  private List<Path> databaseFiles() throws IOException {
    List<Path> all = files("metadata");
    return random.nextInt(5) == 0
        ? all
        : all.stream()
            .filter(f -> f.getFileName().toString().matches("CURRENT|MANIFEST.*|\\d+\\.(sst|log)"))
            .toList();
  }

  private List<Path> files(String folder) throws IOException {
    try (Stream<Path> walk = Files.walk(root.resolve(folder))) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private String spoil(List<Path> files) throws IOException {
    if (files.isEmpty()) {
      return "nothing, for there is nothing";
    }
    Path file = files.get(random.nextInt(files.size()));
    String name = root.relativize(file).toString();
    byte[] bytes = Files.readAllBytes(file);
    return switch (random.nextInt(3)) {
      case 0 -> {
        Files.delete(file);
        yield name + " deleted";
      }
      case 1 -> {
        int length = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
        Files.write(file, Arrays.copyOf(bytes, length));
        yield name + " cut from " + bytes.length + " to " + length;
      }
      default -> {
        int at = bytes.length == 0 ? -1 : random.nextInt(bytes.length);
        if (at >= 0) {
          bytes[at] ^= (byte) (1 << random.nextInt(8));
          Files.write(file, bytes);
        }
        yield name + " flipped a bit of byte " + at;
      }
    };
  }

  private String dropSnapshot() throws IOException {
    List<Path> trees;
    try (Stream<Path> list = Files.list(root.resolve("snapshots"))) {
      trees = list.sorted().toList();
    }
    if (trees.isEmpty()) {
      return "nothing, for there is no snapshot";
    }
    Path tree = trees.get(random.nextInt(trees.size()));
    if (random.nextBoolean() && Files.isDirectory(tree.resolve("fs"))) {
      tree = tree.resolve("fs");
    }
    // Moved and not removed: half a tree is what no crash leaves.
    Path away = root.resolveSibling("lost-" + random.nextInt(Integer.MAX_VALUE));
    Files.move(tree, away);
    return root.relativize(tree) + " lost";
  }
}
