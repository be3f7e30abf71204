package dev.kiln.snapshotter.fileop;

import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Users and groups by name, from {@code /etc/passwd} and {@code /etc/group} of a root. A file that
 * is missing counts as empty. Malformed numbers count as 0, as in Docker. Immutable once made.
 */
public final class UserLookup {
  private static final int MAX_FILE_BYTES = 10 << 20;
  private static final String RANGE = "uids and gids must be in range 0-2147483647";

  private final List<User> users;
  private final List<Group> groups;

  /** One line of the password file. */
  public record User(String name, int uid, int gid, String home) {}

  /** One line of the group file. */
  public record Group(String name, int gid, List<String> members) {}

  private UserLookup(List<User> users, List<Group> groups) {
    this.users = users;
    this.groups = groups;
  }

  /**
   * Reads the files of a root.
   *
   * @throws IOException when one of them is no regular file or larger than 10 MiB
   */
  public static UserLookup of(Path root) throws IOException {
    RootScope scope = new RootScope(root);
    List<User> users = new ArrayList<>();
    for (String[] fields : lines(scope, "/etc/passwd")) {
      users.add(new User(fields[0], id(fields, 2), id(fields, 3), field(fields, 5)));
    }
    List<Group> groups = new ArrayList<>();
    for (String[] fields : lines(scope, "/etc/group")) {
      String members = field(fields, 3);
      groups.add(
          new Group(
              fields[0],
              id(fields, 2),
              members.isEmpty() ? List.of() : Arrays.asList(members.split(",", -1))));
    }
    return new UserLookup(users, groups);
  }

  private static List<String[]> lines(RootScope scope, String name) throws IOException {
    String path;
    FileStatus status;
    try {
      path = scope.resolve(name);
      status = FileStatus.of(path);
    } catch (LinuxException e) {
      if (e.notFound()) {
        return List.of();
      }
      throw scope.inScope(e);
    }
    if (!status.isRegular()) {
      throw new IOException(name + " is not a regular file");
    }
    if (status.size() > MAX_FILE_BYTES) {
      throw new IOException("\"" + name + "\" exceeds " + MAX_FILE_BYTES + " bytes");
    }
    return new String(Files.readAllBytes(Path.of(path)), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(line -> line.split(":", -1))
        .toList();
  }

  private static String field(String[] fields, int index) {
    return index < fields.length ? fields[index] : "";
  }

  private static int id(String[] fields, int index) {
    try {
      return Integer.parseUnsignedInt(field(fields, index));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The first user with the name. */
  public Optional<User> user(String name) {
    return users.stream().filter(user -> user.name().equals(name)).findFirst();
  }

  /** The first group with the name. */
  public Optional<Group> group(String name) {
    return groups.stream().filter(group -> group.name().equals(name)).findFirst();
  }

  /**
   * What a process runs as for a text of the forms {@code user}, {@code uid}, {@code user:group},
   * {@code uid:gid} and mixtures. Empty text is root. Supplementary groups are those that list the
   * user, and only when no group was given.
   *
   * @throws IOException when a name is not in the files
   */
  public ExecUser resolve(String spec) throws IOException {
    int colon = spec.indexOf(':');
    String userText = colon < 0 ? spec : spec.substring(0, colon);
    String groupText = colon < 0 ? "" : spec.substring(colon + 1);
    if (colon >= 0 && isRootOrNumber(userText) && isRootOrNumber(groupText)) {
      return new ExecUser(rootOrNumber(userText), rootOrNumber(groupText), List.of(), "");
    }
    return lookUp(userText, groupText);
  }

  private static boolean isRootOrNumber(String text) {
    return text.equals("root") || (!text.isEmpty() && isNumber(text));
  }

  private static int rootOrNumber(String text) throws IOException {
    try {
      return text.equals("root") ? 0 : Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new IOException(RANGE, e);
    }
  }

  private static boolean isNumber(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private ExecUser lookUp(String userText, String groupText) throws IOException {
    String wanted = userText.isEmpty() ? "0" : userText;
    boolean byId = isNumber(wanted);
    int uid = byId ? parseId(wanted) : 0;
    Optional<User> found =
        users.stream()
            .filter(user -> byId ? user.uid() == uid : user.name().equals(wanted))
            .findFirst();
    if (found.isEmpty() && !byId) {
      throw new IOException(
          "unable to find user " + wanted + ": no matching entries in passwd file");
    }
    User user = found.orElse(new User("", uid, 0, ""));
    if (!groupText.isEmpty()) {
      return new ExecUser(user.uid(), gid(groupText), List.of(), user.home());
    }
    List<Integer> further =
        found.isEmpty()
            ? List.of()
            : groups.stream()
                .filter(group -> group.members().contains(user.name()))
                .map(Group::gid)
                .toList();
    return new ExecUser(user.uid(), user.gid(), further, user.home());
  }

  private int gid(String text) throws IOException {
    if (isNumber(text)) {
      return parseId(text);
    }
    return group(text)
        .map(Group::gid)
        .orElseThrow(
            () ->
                new IOException(
                    "unable to find group " + text + ": no matching entries in group file"));
  }

  private static int parseId(String text) throws IOException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IOException(RANGE, e);
    }
  }
}
