package dev.kiln.snapshotter.fileop;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Numeric owner of a file. Ids are unsigned 32-bit numbers kept in an int. */
public record Owner(int uid, int gid) {
  public static final Owner ROOT = new Owner(0, 0);

  /**
   * Finds the ids for a file step's owner. Unknown names count as root. A user given by number has
   * the group of the same number unless one is given; one given by name has its own group.
   *
   * @param userRoot the tree whose password file names the user; needed for a name only
   * @param groupRoot the tree whose group file names the group; needed for a name only
   */
  public static Owner of(
      @Nullable Principal user,
      @Nullable Path userRoot,
      @Nullable Principal group,
      @Nullable Path groupRoot)
      throws IOException {
    Owner owner =
        switch (user) {
          case null -> ROOT;
          case Principal.ById(int id) -> new Owner(id, id);
          case Principal.ByName(String name) ->
              lookup("user", userRoot)
                  .user(name)
                  .map(found -> new Owner(found.uid(), found.gid()))
                  .orElse(ROOT);
        };
    return switch (group) {
      case null -> owner;
      case Principal.ById(int id) -> new Owner(owner.uid(), id);
      case Principal.ByName(String name) ->
          lookup("group", groupRoot)
              .group(name)
              .map(found -> new Owner(owner.uid(), found.gid()))
              .orElse(owner);
    };
  }

  private static UserLookup lookup(String what, @Nullable Path root) throws IOException {
    if (root == null) {
      throw new IOException("invalid missing " + what + " mount");
    }
    return UserLookup.of(root);
  }
}
