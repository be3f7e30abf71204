package dev.kiln.executor.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** Finds where a container's path is on the host, with links read as the container would. */
public final class RootPath {
  private static final int MAX_LINKS = 255;

  private RootPath() {}

  /**
   * Follows every link of the path, the last included, without ever leaving the root. Names that do
   * not exist are taken as they are.
   *
   * <p>Only for trees that nobody changes meanwhile: the answer is a plain path.
   *
   * @throws IOException too many links, or one that cannot be read
   */
  public static Path resolve(Path root, String path) throws IOException {
    Path current = root;
    Deque<Path> rest = new ArrayDeque<>();
    push(rest, Path.of(path));
    int links = 0;
    while (!rest.isEmpty()) {
      String name = rest.pop().toString();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        current = current.equals(root) ? root : parent(current);
        continue;
      }
      Path next = current.resolve(name);
      if (!Files.isSymbolicLink(next)) {
        current = next;
        continue;
      }
      if (++links > MAX_LINKS) {
        throw new IOException("could not resolve " + path + ": too many links");
      }
      Path target = Files.readSymbolicLink(next);
      if (target.isAbsolute()) {
        current = root;
      }
      push(rest, target);
    }
    return current;
  }

  private static void push(Deque<Path> rest, Path path) {
    Deque<Path> names = new ArrayDeque<>();
    path.forEach(names::push);
    for (Iterator<Path> it = names.iterator(); it.hasNext(); ) {
      rest.push(it.next());
    }
  }

  static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }
}
